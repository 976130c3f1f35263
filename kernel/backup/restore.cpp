#include "kernel/backup/restore.hpp"

#include "kernel/backup/archive.hpp"
#include "kernel/backup/backup.hpp"
#include "kernel/backup/tables.hpp"
#include "kernel/base/encoding.hpp"
#include "kernel/base/files.hpp"
#include "kernel/base/tr.hpp"
#include "kernel/db/client_programs.hpp"
#include "kernel/db/migrator.hpp"
#include "kernel/db/pool.hpp"
#include "kernel/identity/second_factor.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>

#include <map>
#include <optional>

namespace kernel::backup {
namespace {

using concejo::Error;
using concejo::ErrorKind;
using concejo::Json;
namespace fs = std::filesystem;

/// "a/b/c" after `folder`, or nothing where it lies elsewhere.
std::optional<std::string> below(const std::string& name, const std::string& folder) {
    if (!name.starts_with(folder)) return std::nullopt;
    return name.substr(folder.size());
}

/// What one municipality's members are gathered into until its transaction.
class Gathered {
public:
    Gathered(const Target& target, blobs::Store& blobs) : target_(target), blobs_(blobs) {
        db::Migrator(target.owner_dsn).create_tenant(target.place);
        db::PoolOptions options;
        options.dsn = target.app_dsn;
        options.size = 1;
        pool_ = std::make_unique<db::Pool>(std::move(options));
        result_.slug = target.slug;
    }

    void take(ArchiveReader& reader, const std::string& name) {
        if (name == "datos.sql") {
            reader.save(dump());
        } else if (name == "segundos-factores.json") {
            secrets_ = Json::parse(reader.text());
        } else if (const auto rows = below(name, "plataforma/")) {
            SavedTable table{rows->substr(0, rows->find('.')), scratch_.path() / *rows};
            if (!is_copied(table.name)) return;
            reader.save(table.file);
            tables_.push_back(std::move(table));
        } else if (const auto id = below(name, "ficheros/")) {
            put(reader, *id);
        }
    }

    Restored finish(const identity::Keys& keys, bool replace) {
        if (!fs::exists(dump())) return result_;  // was configured, and had not been served yet
        std::vector<std::pair<std::string, std::string>> sealed;
        for (const auto& [user, secret] : secrets_.as_object()) {
            const auto plain = base::unhex(secret.as_string());
            if (plain)
                sealed.emplace_back(user, keys.seal(*plain, identity::totp_purpose(target_.place.id, user)));
        }
        const auto before = scratch_.path() / "antes.sql", after = scratch_.path() / "despues.sql";
        write_prelude(before, target_.place, replace);
        write_rows(after, target_.place.id, tables_, sealed);
        db::run_scripts(target_.owner_dsn, {before, dump(), after});
        return result_;
    }

private:
    fs::path dump() const { return scratch_.path() / "datos.sql"; }

    /// The file is in its place before the row that names it is: nothing ever refers to a file that is not
    /// there.
    void put(ArchiveReader& reader, const std::string& id) {
        const auto file = scratch_.path() / "fichero";
        reader.save(file);
        auto tx = pool_->begin(target_.place);
        const auto blob = blobs_.put_file(tx, file);
        tx.rollback();
        if (blob.id == id)
            ++result_.files;
        else
            result_.damaged.push_back(id);
    }

    const Target& target_;
    blobs::Store& blobs_;
    const base::TempDir scratch_{"restauracion"};
    std::unique_ptr<db::Pool> pool_;
    std::vector<SavedTable> tables_;
    Json secrets_ = Json::object();
    Restored result_;
};

/// The installation's own audit record, where this installation has none.
void put_back_installation(const fs::path& file, const std::string& owner_dsn) {
    const base::TempDir scratch("restauracion");
    std::vector<SavedTable> tables;
    ArchiveReader reader(file);
    for (auto name = reader.next(); !name.empty(); name = reader.next()) {
        const auto rows = below(name, "instalacion/plataforma/");
        if (!rows) continue;
        SavedTable table{rows->substr(0, rows->find('.')), scratch.path() / *rows};
        if (!table.name.starts_with("audit")) continue;
        reader.save(table.file);
        tables.push_back(std::move(table));
    }
    if (tables.empty()) return;
    const auto script = scratch.path() / "filas.sql", before = scratch.path() / "antes.sql";
    RowFile prelude(before);
    prelude.write("set role concejo_owner;\ncreate schema restauracion;\n");
    prelude.finish();
    write_rows(script, "", tables, {});
    db::run_scripts(owner_dsn, {before, script});
}

}  // namespace

Json check(const fs::path& file) {
    const auto verified = verify(file);
    if (!verified.problems.empty())
        throw Error(ErrorKind::invalid, base::tr("la copia no sirve, y no se ha tocado nada:\n  {}",
                                                 fmt::join(verified.problems, "\n  ")));
    ArchiveReader reader(file);
    if (reader.next() != header_member)
        throw Error(ErrorKind::invalid, base::tr("{} no es una copia de Concejo", file.string()));
    auto header = Json::parse(reader.text());
    if (header.int_or("format", 0) != format)
        throw Error(ErrorKind::invalid,
                    base::tr("{0} la hizo otra versión de Concejo ({1}): actualice el programa",
                             file.string(), header.string_or("version", "?")));
    return header;
}

std::vector<std::string> write_configuration(const fs::path& file, const fs::path& config,
                                             const fs::path& key_file, const std::vector<std::string>& slugs,
                                             bool whole) {
    std::vector<std::string> written;
    ArchiveReader reader(file);
    for (auto name = reader.next(); !name.empty(); name = reader.next()) {
        auto wanted = whole ? below(name, "instalacion/config/") : std::nullopt;
        for (const auto& slug : slugs) {
            if (!wanted) wanted = below(name, "municipios/" + slug + "/config/");
        }
        auto place = wanted ? config / *wanted : fs::path();
        if (whole && name == "instalacion/clave") place = key_file;
        if (place.empty() || fs::exists(place)) continue;
        reader.save(place);
        const bool secret = place == key_file || (wanted && wanted->starts_with("secretos/"));
        ::chmod(place.c_str(), secret ? 0600 : 0644);
        written.push_back(place.string());
    }
    return written;
}

std::vector<Restored> put_back(const fs::path& file, const std::vector<Target>& targets, blobs::Store& blobs,
                               const identity::Keys& keys, bool replace, const std::string& installation_dsn,
                               const std::function<void(const std::string&)>& progress) {
    std::vector<Restored> all;
    ArchiveReader reader(file);
    std::unique_ptr<Gathered> open;
    std::string slug;
    const auto close = [&] {
        if (open) all.push_back(open->finish(keys, replace));
        open.reset();
    };
    for (auto name = reader.next(); !name.empty(); name = reader.next()) {
        const auto rest = below(name, "municipios/");
        const auto slash = rest ? rest->find('/') : std::string::npos;
        const auto owner = slash == std::string::npos ? std::string() : rest->substr(0, slash);
        if (owner != slug) {
            close();
            slug = owner;
            for (const auto& target : targets) {
                if (target.slug != slug) continue;
                progress(slug);
                open = std::make_unique<Gathered>(target, blobs);
            }
        }
        if (open) open->take(reader, rest->substr(slash + 1));
    }
    close();
    if (!installation_dsn.empty()) put_back_installation(file, installation_dsn);
    return all;
}

}  // namespace kernel::backup
