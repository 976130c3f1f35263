#include "kernel/db/client_programs.hpp"

#include "kernel/base/tr.hpp"
#include "kernel/db/dsn.hpp"
#include "kernel/db/server_programs.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>

namespace kernel::db {
namespace {

using concejo::Error;
using concejo::ErrorKind;

constexpr std::chrono::hours limit{12};

/// The password goes by the environment: everybody may read a command line.
Finished run(std::vector<std::string> argv, const std::string& owner_dsn) {
    auto dsn = Dsn::parse(owner_dsn);
    dsn.set_default("dbname", "concejo");
    std::vector<std::string> environment;
    if (const auto password = dsn.get("password"); !password.empty()) {
        environment.push_back("PGPASSWORD=" + password);
        dsn.set("password", "");
    }
    argv.push_back("--dbname=" + dsn.text());
    argv.emplace_back("--no-password");
    return run_program(argv, Account{}, limit, environment);
}

}  // namespace

void dump_schema(const std::string& owner_dsn, const std::string& schema, const std::string& snapshot,
                 const std::filesystem::path& to) {
    const auto finished =
        run({(server_programs() / "pg_dump").string(), "--format=plain", "--encoding=UTF8",
             "--role=concejo_owner", "--schema=" + schema, "--snapshot=" + snapshot, "--file=" + to.string()},
            owner_dsn);
    if (finished.exit != 0)
        throw Error(ErrorKind::unavailable,
                    base::tr("pg_dump no ha podido copiar {0}: {1}", schema, finished.output));
}

void run_scripts(const std::string& owner_dsn, const std::vector<std::filesystem::path>& scripts) {
    std::vector<std::string> argv{(server_programs() / "psql").string(),
                                  "--no-psqlrc",
                                  "--quiet",
                                  "--single-transaction",
                                  "--set=ON_ERROR_STOP=1",
                                  "--output=/dev/null"};
    for (const auto& script : scripts) argv.push_back("--file=" + script.string());
    const auto finished = run(std::move(argv), owner_dsn);
    if (finished.exit != 0)
        throw Error(
            ErrorKind::conflict,
            base::tr("la base de datos no admite la copia, y queda como estaba: {}", finished.output));
}

}  // namespace kernel::db
