// Roles and permissions: those that plugins declare, and the kernel's own.
#pragma once

#include "kernel/identity/principal.hpp"
#include "kernel/identity/sessions.hpp"
#include "kernel/plugins/registry.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace kernel::identity {

namespace permission {
inline constexpr std::string_view manage_users = "usuarios.gestionar";
inline constexpr std::string_view manage_tokens = "tokens.gestionar";
inline constexpr std::string_view see_audit = "auditoria.ver";
inline constexpr std::string_view manage_outbox = "envios.gestionar";
inline constexpr std::string_view see_health = "sistema.ver";
inline constexpr std::string_view manage_jobs = "trabajos.gestionar";
inline constexpr std::string_view manage_modules = "modulos.gestionar";
/// Municipalities and plugins: only in the municipality that administers the installation (platform.yaml).
inline constexpr std::string_view manage_installation = "instalacion.gestionar";
inline constexpr std::string_view upload = "subidas.enviar";  ///< every member of staff has it; keys by scope
inline constexpr std::string_view own_sessions = "sesiones.propias";  ///< every member of staff has it
}  // namespace permission

/// Immutable: made once from what the plugins of this process declared.
class Permissions {
public:
    using Set = std::set<std::string, std::less<>>;

    Permissions(const std::vector<plugins::Permission>& declared, const std::vector<plugins::Role>& roles);

    /// What somebody with these roles may do. A role that nobody declares (its plugin is gone) gives nothing.
    Set resolve(const std::vector<std::string>& roles) const;
    Principal principal(const Session& session) const;

    /// Those of the list that nobody declares, for messages.
    std::vector<std::string> unknown_roles(const std::vector<std::string>& roles) const;
    std::vector<std::string> unknown_permissions(const std::vector<std::string>& permissions) const;

    struct Label {
        std::string id, label;
    };
    /// By id, with labels in Spanish (messages of the plugin's catalog).
    const std::vector<Label>& roles() const noexcept { return role_labels_; }
    const std::vector<Label>& permissions() const noexcept { return permission_labels_; }

private:
    Set all_;
    std::map<std::string, Set, std::less<>> by_role_;
    std::vector<Label> role_labels_, permission_labels_;
};

}  // namespace kernel::identity
