#include "kernel/plugins/descriptor.hpp"

#include "kernel/base/digest.hpp"
#include "kernel/base/files.hpp"
#include "kernel/base/tr.hpp"
#include "kernel/plugins/elf_note.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <iterator>
#include <sstream>

namespace kernel::plugins {
namespace {

using concejo::Error;
using concejo::ErrorKind;

constexpr std::size_t largest_plugin = 1 << 30;

template <std::size_t N>
std::string text_of(const char (&field)[N], const char* what) {
    if (!std::memchr(field, '\0', N))
        throw Error(ErrorKind::invalid, base::tr("su descriptor está dañado: «{}» no termina", what));
    return field;
}

std::vector<std::string> words(const std::string& text) {
    std::istringstream in(text);
    return {std::istream_iterator<std::string>(in), {}};
}

}  // namespace

Descriptor read_descriptor(const std::filesystem::path& file) {
    const std::string note = read_elf_note(file, "Concejo", CONCEJO_NOTE_TYPE);
    // A later minor may have a longer descriptor, an older one a shorter: what is there is what counts.
    if (note.size() < offsetof(concejo_descriptor, requires_))
        throw Error(ErrorKind::invalid, base::tr("su descriptor es demasiado corto"));
    Descriptor result;
    std::memcpy(&result.raw, note.data(), std::min(note.size(), sizeof result.raw));
    const auto& raw = result.raw;
    if (std::memcmp(raw.magic, "CONCEJO", 8) != 0)
        throw Error(ErrorKind::invalid, base::tr("su descriptor no es de Concejo"));
    result.platform = text_of(raw.platform, "platform");
    result.toolchain = text_of(raw.toolchain, "toolchain");
    result.id = text_of(raw.id, "id");
    result.version = text_of(raw.version, "version");
    result.requires_ = words(text_of(raw.requires_, "requires"));
    result.optional = words(text_of(raw.optional, "optional"));
    result.provides = words(text_of(raw.provides, "provides"));
    return result;
}

std::vector<std::string> check_file(const std::filesystem::path& file,
                                    const std::optional<std::string>& pin) {
    struct stat info {};
    if (::lstat(file.c_str(), &info) != 0)
        return {base::tr("no existe; compílelo o quite el complemento de la configuración")};
    if (S_ISLNK(info.st_mode) && ::stat(file.c_str(), &info) != 0)
        return {base::tr("es un enlace que no lleva a ningún fichero")};
    if (!S_ISREG(info.st_mode)) return {base::tr("no es un fichero corriente")};
    std::vector<std::string> problems;
    if (info.st_mode & S_IWOTH)
        problems.push_back(base::tr("cualquiera puede escribir en él: «chmod o-w {}»", file.string()));
    if (pin) {
        const auto found = base::sha256_hex(base::read_file(file, largest_plugin));
        if (found != *pin)
            problems.push_back(
                base::tr("su SHA-256 es {0} y platform.yaml exige {1}: compruebe de dónde viene y actualice "
                         "«plugins.huellas»",
                         found, *pin));
    }
    return problems;
}

std::vector<std::string> check_descriptor(const Descriptor& d, const std::string& folder_name,
                                          const std::vector<std::string>& kernel_services) {
    std::vector<std::string> problems;
    if (d.raw.abi_major != CONCEJO_ABI_MAJOR)
        problems.push_back(
            base::tr("hecho para el SDK {0}.x y este núcleo ofrece el SDK {1}.{2}: recompílelo con este SDK",
                     d.raw.abi_major, CONCEJO_ABI_MAJOR, CONCEJO_ABI_MINOR));
    else if (d.raw.abi_minor > CONCEJO_ABI_MINOR)
        problems.push_back(base::tr(
            "pide el SDK {0}.{1} o posterior y este núcleo ofrece el {2}.{3}: actualice la plataforma",
            d.raw.abi_major, d.raw.abi_minor, CONCEJO_ABI_MAJOR, CONCEJO_ABI_MINOR));
    if (d.raw.abi_major == CONCEJO_ABI_MAJOR && d.raw.size < sizeof(concejo_descriptor) &&
        d.raw.abi_minor >= CONCEJO_ABI_MINOR)
        problems.push_back(base::tr("su descriptor mide {0} y debe medir {1}: recompílelo", d.raw.size,
                                    sizeof(concejo_descriptor)));
    if (d.platform != CONCEJO_ABI_PLATFORM)
        problems.push_back(base::tr("compilado para «{0}» y esta máquina es «{1}»: recompílelo aquí",
                                    d.platform, CONCEJO_ABI_PLATFORM));
    if (d.id != folder_name)
        problems.push_back(base::tr(
            "dice llamarse «{0}» y está en la carpeta «{1}»: la carpeta y el identificador deben coincidir",
            d.id, folder_name));
    // names without a dot are the house's, those that are still to come too (registro:1)
    const bool of_others = d.id.find('.') != std::string::npos;
    for (const auto& service : d.provides) {
        if (of_others && !service.starts_with(d.id + ":") && !service.starts_with(d.id + "."))
            problems.push_back(base::tr(
                "ofrece el servicio «{0}», cuyo nombre no es suyo: que empiece por «{1}»", service, d.id));
    }
    for (const auto& service : d.requires_) {
        if (service.find('/') == std::string::npos) continue;
        if (std::find(kernel_services.begin(), kernel_services.end(), service) == kernel_services.end())
            problems.push_back(
                base::tr("necesita el servicio «{}», que este núcleo no ofrece: actualice la plataforma o "
                         "use una versión anterior del complemento",
                         service));
    }
    return problems;
}

}  // namespace kernel::plugins
