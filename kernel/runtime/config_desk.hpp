// What the administration's pages ask of the files of config/, and change in them. It stands in the supervisor,
// which holds the rights to those files and runs no plugin's code; pages reach it through the admin socket.
#pragma once

#include "kernel/paths/paths.hpp"

#include <concejo/json.hpp>

#include <functional>
#include <string>

namespace kernel::runtime {

class ConfigDesk {
public:
    explicit ConfigDesk(paths::Paths paths) : paths_(std::move(paths)) {}

    struct Answer {
        concejo::Json
            json;  ///< {"ok": bool, …}; not ok: "kind" (an ErrorKind's name) and "error", in Spanish
        std::string file;              ///< "municipios/x.yaml" where it was written …
        std::function<void()> undo{};  ///< … and this puts it back as it was
    };

    /// `request["ask"]`:
    ///   modules {tenant}                → {modules: [{id, title, active, in_file, known}], problems, sha256}
    ///   module  {tenant, module}        → {body, editable, why, sha256, schema, active, problems}
    ///   review  {tenant, module, body}  → {hunks, changed, problems, sha256}
    ///   write   {tenant, module, body, sha256} → the same, written: refused where the file is another by now
    ///   tenants                         → {tenants: [{slug, name, url, domains, modules, state, problems}]}
    ///   tenant-review {slug, name, …}   → {text}
    ///   tenant-write  {slug, name, …}   → {text}, written
    ///   plugins                         → {plugins: plugin_list()}
    /// Throws nothing that a request may cause. Blocking, some milliseconds.
    Answer operator()(const concejo::Json& request) const;

private:
    Answer answer(const concejo::Json& request) const;
    Answer module_change(const concejo::Json& request, bool writes) const;
    Answer tenant_change(const concejo::Json& request, bool writes) const;
    concejo::Json modules(const std::string& slug) const;
    concejo::Json module(const std::string& slug, const std::string& id) const;
    concejo::Json tenants() const;
    concejo::Json plugins() const;
    std::string text_of(const std::string& slug) const;
    std::function<void()> put(const std::string& slug, const std::string& text) const;
    void keep_copy(const std::string& slug, const std::string& text) const;

    paths::Paths paths_;
};

}  // namespace kernel::runtime
