#include "kernel/backup/backup.hpp"

#include "kernel/backup/archive.hpp"
#include "kernel/backup/tables.hpp"
#include "kernel/base/encoding.hpp"
#include "kernel/base/files.hpp"
#include "kernel/db/client_programs.hpp"
#include "kernel/db/snapshot.hpp"
#include "kernel/identity/second_factor.hpp"

#include <concejo/error.hpp>
#include <concejo/json.hpp>

#include <fmt/format.h>

#include <map>
#include <memory>
#include <optional>

namespace kernel::backup {
namespace {

using concejo::Json;

class Maker {
public:
    Maker(const Plan& plan, const std::filesystem::path& to) : plan_(plan), archive_(to) {
        // Every moment is taken before anything is read, so that databases lie as close together as can be.
        for (const auto& dsn : plan.owner_dsns) snapshots_[dsn] = std::make_unique<db::Snapshot>(dsn);
        for (const auto& tenant : plan.tenants)
            if (!snapshots_[tenant.owner_dsn])
                snapshots_[tenant.owner_dsn] = std::make_unique<db::Snapshot>(tenant.owner_dsn);
    }

    std::vector<Copied> run() {
        archive_.add(header_member, header().dump(true) + "\n");
        std::vector<Copied> all;
        if (plan_.whole) add_installation();
        for (const auto& tenant : plan_.tenants) {
            if (plan_.progress) plan_.progress(all.size(), plan_.tenants.size(), tenant.name);
            all.push_back(add(tenant));
        }
        archive_.finish();
        if (plan_.progress) plan_.progress(all.size(), plan_.tenants.size(), "");
        return all;
    }

private:
    Json header() const {
        Json tenants = Json::array();
        for (const auto& tenant : plan_.tenants)
            tenants.push_back(
                Json::object({{"slug", tenant.slug}, {"id", tenant.place.id}, {"name", tenant.name}}));
        return Json::object(
            {{"format", format}, {"version", plan_.version}, {"whole", plan_.whole}, {"tenants", tenants}});
    }

    void add_installation() {
        for (const auto& [name, file] : plan_.files) archive_.add_file("instalacion/" + name, file);
        // Rows without a municipality are in the first database, where the command line writes them.
        if (!plan_.owner_dsns.empty()) add_rows(*snapshots_.at(plan_.owner_dsns.front()), "instalacion/", "");
    }

    std::uint64_t add_rows(const db::Snapshot& snapshot, const std::string& folder,
                           const std::string& tenant) {
        std::uint64_t count = 0;
        for (const auto& table : snapshot.kernel_tables()) {
            if (!is_copied(table)) continue;
            const auto file = scratch_.path() / "rows";
            RowFile out(file);
            const auto rows =
                snapshot.copy_rows(table, tenant, [&](std::string_view line) { out.write(line); });
            out.finish();
            if (rows > 0) archive_.add_file(fmt::format("{}plataforma/{}.tsv", folder, table), file);
            count += rows;
        }
        return count;
    }

    Copied add(const Source& tenant) {
        const auto& snapshot = *snapshots_.at(tenant.owner_dsn);
        const auto folder = fmt::format("municipios/{}/", tenant.slug);
        Copied copied;
        copied.slug = tenant.slug;
        for (const auto& [name, file] : tenant.files) archive_.add_file(folder + name, file);
        if (!snapshot.tenant_exists(tenant.place.id)) return copied;  // configured, and not yet served

        const auto script = scratch_.path() / "datos.sql";
        db::dump_schema(tenant.owner_dsn, tenant.place.schema, snapshot.id(), script);
        archive_.add_file(folder + "datos.sql", script);
        copied.tables = snapshot.table_count(tenant.place.schema);
        copied.rows = add_rows(snapshot, folder, tenant.place.id);
        archive_.add(folder + "segundos-factores.json", second_factors(snapshot, tenant).dump() + "\n");
        for (const auto& [id, bytes] : snapshot.pairs("blobs", "id", "bytes", tenant.place.id))
            add_blob(tenant, id, copied);
        return copied;
    }

    /// User -> secret in hexadecimal, in clear: another installation seals it with another key.
    Json second_factors(const db::Snapshot& snapshot, const Source& tenant) const {
        Json secrets = Json::object();
        for (const auto& [user, sealed] : snapshot.pairs("users", "id", "totp_secret", tenant.place.id)) {
            const auto secret = plan_.keys.open(sealed, identity::totp_purpose(tenant.place.id, user));
            if (secret) secrets[user] = base::hex(*secret);
        }
        return secrets;
    }

    /// Checked whole before any of it is copied; nothing where it is damaged or gone.
    std::optional<blobs::LocalFile> whole(const Source& tenant, const std::string& id) const {
        try {
            return plan_.blobs.local(tenant.place, id);
        } catch (const concejo::Error& error) {
            if (error.kind() == concejo::ErrorKind::unavailable) throw;  // the store is away: no copy at all
            return std::nullopt;
        }
    }

    void add_blob(const Source& tenant, const std::string& id, Copied& copied) {
        const auto file = whole(tenant, id);
        if (!file) return copied.damaged.push_back(id);
        archive_.add_file(fmt::format("municipios/{}/ficheros/{}", tenant.slug, id), file->path());
        ++copied.files;
    }

    const Plan& plan_;
    const base::TempDir scratch_{"copia"};
    ArchiveWriter archive_;
    std::map<std::string, std::unique_ptr<db::Snapshot>> snapshots_;
};

}  // namespace

std::vector<Copied> make(const Plan& plan, const std::filesystem::path& to) { return Maker(plan, to).run(); }

}  // namespace kernel::backup
