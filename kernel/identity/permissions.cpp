#include "kernel/identity/permissions.hpp"

#include <array>
#include <utility>

namespace kernel::identity {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kernel_permissions{{
    {permission::see_audit, "Ver el registro de actividad"},
    {permission::manage_outbox, "Ver los envíos a otros sistemas y decidir sobre los dudosos"},
    {permission::own_sessions, "Ver y cerrar las propias sesiones"},
    {permission::upload, "Subir ficheros por partes"},
    {permission::see_health, "Ver el estado de la plataforma"},
    {permission::manage_tokens, "Crear y revocar claves de programas"},
    {permission::manage_jobs, "Ver y gestionar los trabajos en segundo plano"},
    {permission::manage_modules, "Activar módulos y cambiar sus ajustes"},
    {permission::manage_installation, "Gestionar la instalación: municipios y complementos"},
    {permission::manage_users, "Dar de alta usuarios y asignar papeles"},
}};

template <class T>
std::vector<T> sorted_by_id(std::map<std::string, std::string> labels) {
    std::vector<T> out;
    for (auto& [id, label] : labels) out.push_back({id, label});
    return out;
}

}  // namespace

Permissions::Permissions(const std::vector<plugins::Permission>& declared,
                         const std::vector<plugins::Role>& roles) {
    std::map<std::string, std::string> permission_labels, role_labels;
    for (const auto& [id, label] : kernel_permissions) permission_labels.emplace(id, label);
    for (const auto& one : declared) permission_labels.emplace(one.id, one.label);
    for (const auto& role : roles) {  // the same role from several plugins adds up
        by_role_[role.id].insert(role.permissions.begin(), role.permissions.end());
        role_labels.emplace(role.id, role.label);
    }
    for (const auto& [id, label] : permission_labels) all_.insert(id);
    by_role_[std::string(administrator_role)] = all_;
    role_labels[std::string(administrator_role)] = "Administración";
    permission_labels_ = sorted_by_id<Label>(std::move(permission_labels));
    role_labels_ = sorted_by_id<Label>(std::move(role_labels));
}

Permissions::Set Permissions::resolve(const std::vector<std::string>& roles) const {
    Set may{std::string(permission::own_sessions), std::string(permission::upload)};
    for (const auto& role : roles) {
        if (const auto found = by_role_.find(role); found != by_role_.end())
            may.insert(found->second.begin(), found->second.end());
    }
    return may;
}

Principal Permissions::principal(const Session& session) const {
    Principal who;
    who.kind = PrincipalKind::staff;
    who.id = session.user_id;
    who.login = session.login;
    who.name = session.name;
    who.roles = session.roles;
    who.permissions = resolve(session.roles);
    who.session = session.id;
    return who;
}

std::vector<std::string> Permissions::unknown_roles(const std::vector<std::string>& roles) const {
    std::vector<std::string> unknown;
    for (const auto& role : roles) {
        if (by_role_.find(role) == by_role_.end()) unknown.push_back(role);
    }
    return unknown;
}

std::vector<std::string> Permissions::unknown_permissions(const std::vector<std::string>& permissions) const {
    std::vector<std::string> unknown;
    for (const auto& one : permissions) {
        if (all_.find(one) == all_.end()) unknown.push_back(one);
    }
    return unknown;
}

}  // namespace kernel::identity
