#include "kernel/runtime/privileges.hpp"

#include "kernel/base/tr.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>

#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>
#include <optional>

namespace kernel::runtime {
namespace {

using concejo::Error;
using concejo::ErrorKind;
namespace fs = std::filesystem;

struct Account {
    std::string name;
    uid_t uid;
    gid_t gid;
};

std::optional<Account> wanted(const config::PlatformConfig& platform) {
    if (::geteuid() != 0 || platform.user.empty()) return std::nullopt;
    const passwd* found = ::getpwnam(platform.user.c_str());
    if (!found)
        throw Error(
            ErrorKind::invalid,
            base::tr(
                "no hay ningún usuario del sistema «{0}» (usuario, en platform.yaml): créelo con «adduser "
                "--system --group {0}»",
                platform.user));
    return Account{platform.user, found->pw_uid, found->pw_gid};
}

void give(const fs::path& path, const Account& account) {
    if (::lchown(path.c_str(), account.uid, account.gid) != 0)
        throw Error(ErrorKind::internal,
                    base::tr("no se puede dar {0} al usuario «{1}»", path.string(), account.name));
}

void give_all(const fs::path& folder, const Account& account) {
    fs::create_directories(folder);
    give(folder, account);
    for (const auto& entry : fs::recursive_directory_iterator(folder)) give(entry.path(), account);
}

}  // namespace

void hand_over_folders(const paths::Paths& paths, const config::PlatformConfig& platform) {
    const auto account = wanted(platform);
    if (!account) return;
    fs::create_directories(platform.data);
    give(platform.data, *account);
    for (const char* part : {"blobs", "uploads", "spool", "claves", "config"})
        give_all(platform.data / part, *account);
    fs::create_directories(paths.run());
    give(paths.run(), *account);
}

void hand_over_snapshot(const paths::Paths& paths, const config::PlatformConfig& platform,
                        unsigned generation) {
    if (const auto account = wanted(platform)) give_all(paths.snapshot(generation), *account);
}

std::pair<uid_t, gid_t> account_of(const config::PlatformConfig& platform) {
    const auto account = wanted(platform);
    if (!account) return {static_cast<uid_t>(-1), static_cast<gid_t>(-1)};
    return {account->uid, account->gid};
}

void hand_over_admin_socket(const paths::Paths& paths, const config::PlatformConfig& platform) {
    if (const auto account = wanted(platform)) give(paths.admin_socket(), *account);
}

void drop_privileges(const config::PlatformConfig& platform) {
    const auto account = wanted(platform);
    if (!account) return;
    const pid_t parent = ::getppid();
    int when_it_dies = 0;
    ::prctl(PR_GET_PDEATHSIG, &when_it_dies);
    if (::initgroups(account->name.c_str(), account->gid) != 0 ||
        ::setresgid(account->gid, account->gid, account->gid) != 0 ||
        ::setresuid(account->uid, account->uid, account->uid) != 0)
        throw Error(ErrorKind::forbidden, base::tr("no se puede pasar a ser el usuario «{}»", account->name));
    // A change of user forgets what a worker is to be told when its supervisor dies, which it may have done meanwhile.
    ::prctl(PR_SET_PDEATHSIG, when_it_dies);
    if (when_it_dies != 0 && ::getppid() != parent) ::raise(when_it_dies);
}

}  // namespace kernel::runtime
