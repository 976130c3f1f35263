#include "kernel/config/secret.hpp"

#include "kernel/base/files.hpp"
#include "kernel/base/text.hpp"
#include "kernel/base/tr.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <sys/stat.h>

#include <cstdlib>
#include <utility>

namespace kernel::config {
namespace {

constexpr std::size_t secret_limit = 64 << 10;

void wipe(std::string& text) { OPENSSL_cleanse(text.data(), text.size()); }

/// A name is a file of the folder and nothing else: no way up, no hidden file.
bool plain_name(std::string_view name) {
    return !name.empty() && name.size() <= 100 && name.front() != '.' &&
           name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") ==
               std::string_view::npos;
}

}  // namespace

Secret::~Secret() { wipe(value_); }

Secret::Secret(Secret&& other) noexcept : value_(other.value_) { wipe(other.value_), other.value_.clear(); }

Secret& Secret::operator=(Secret&& other) noexcept {
    if (this == &other) return *this;
    wipe(value_);
    value_ = other.value_;
    wipe(other.value_);
    other.value_.clear();
    return *this;
}

void SecretFolder::resolve(Node& tree, const std::string& file, Problems& problems) const {
    if (tree.tag == "!secret" && tree.place.file == file) resolve_one(tree, problems);
    for (Node& item : tree.items) resolve(item, file, problems);
    for (Member& member : tree.members) resolve(member.value, file, problems);
}

void SecretFolder::resolve_one(Node& node, Problems& problems) const {
    const auto refuse = [&](const std::string& why) {
        problems.error(node.place, "!secret " + node.reference + ": " + why);
    };
    if (!plain_name(node.reference))
        return refuse(
            base::tr("un nombre de secreto lleva letras, cifras, '.', '_' y '-', y ninguna carpeta"));
    auto path = folder_ / node.reference;
    const char* credentials = std::getenv("CREDENTIALS_DIRECTORY");
    bool credential = false;
    if (std::error_code ignored; credentials && *credentials) {
        const auto delivered = std::filesystem::path(credentials) / (credential_prefix_ + node.reference);
        credential = std::filesystem::exists(delivered, ignored);
        if (credential) path = delivered;
    }
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) {
        return refuse(
            base::tr("no existe {0}; cree ese archivo con el valor (permisos 600) o entréguelo como "
                     "credencial de systemd '{1}{2}'",
                     path.string(), credential_prefix_, node.reference));
    }
    // systemd guards its folder itself and may give the group read access.
    if (!credential && (status.st_mode & 077) != 0)
        return refuse(base::tr("otros pueden leer {0}; ejecute: chmod 600 {0}", path.string()));
    try {
        std::string value = base::read_file(path, secret_limit);
        if (value.ends_with('\n')) value.pop_back();
        if (value.ends_with('\r')) value.pop_back();
        if (value.empty()) return refuse(base::tr("{} está vacío", path.string()));
        if (!base::utf8_valid(value)) return refuse(base::tr("{} no es un texto en UTF-8", path.string()));
        node.text = std::move(value);
    } catch (const concejo::Error& error) {
        refuse(error.what());
    }
}

}  // namespace kernel::config
