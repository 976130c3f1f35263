#include "kernel/authoring/elf_symbols.hpp"

#include "kernel/base/files.hpp"
#include "kernel/base/tr.hpp"

#include <concejo/error.hpp>

#include <elf.h>

#include <algorithm>
#include <cstring>
#include <optional>

namespace kernel::authoring {
namespace {

using concejo::Error;
using concejo::ErrorKind;

constexpr std::size_t largest_plugin = 1 << 30;

class Image {
public:
    explicit Image(std::string bytes) : bytes_(std::move(bytes)) {
        header_ = read<Elf64_Ehdr>(0);
        if (std::memcmp(header_.e_ident, ELFMAG, SELFMAG) != 0 || header_.e_ident[EI_CLASS] != ELFCLASS64 ||
            header_.e_shentsize != sizeof(Elf64_Shdr))
            throw Error(ErrorKind::invalid, base::tr("no es una biblioteca ELF de 64 bits"));
    }

    ElfSymbols symbols() const {
        ElfSymbols found;
        const auto table = section(SHT_DYNSYM);
        if (!table) throw Error(ErrorKind::invalid, base::tr("no tiene tabla de símbolos dinámicos"));
        const auto names = header_at(table->sh_link);
        for (std::uint64_t at = sizeof(Elf64_Sym); at + sizeof(Elf64_Sym) <= table->sh_size;
             at += sizeof(Elf64_Sym)) {
            const auto symbol = read<Elf64_Sym>(table->sh_offset + at);
            const auto binding = ELF64_ST_BIND(symbol.st_info);
            const auto visibility = ELF64_ST_VISIBILITY(symbol.st_other);
            auto name = text(names, symbol.st_name);
            if (name.empty() || binding == STB_LOCAL) continue;
            if (symbol.st_shndx == SHN_UNDEF)
                found.imported.push_back(std::move(name));
            else if (visibility == STV_DEFAULT || visibility == STV_PROTECTED)
                found.exported.push_back(std::move(name));
        }
        if (const auto dynamic = section(SHT_DYNAMIC)) {
            const auto texts = header_at(dynamic->sh_link);
            for (std::uint64_t at = 0; at + sizeof(Elf64_Dyn) <= dynamic->sh_size; at += sizeof(Elf64_Dyn)) {
                const auto entry = read<Elf64_Dyn>(dynamic->sh_offset + at);
                if (entry.d_tag == DT_NULL) break;
                if (entry.d_tag == DT_NEEDED) found.needed.push_back(text(texts, entry.d_un.d_val));
            }
        }
        for (auto* list : {&found.exported, &found.imported, &found.needed}) {
            std::sort(list->begin(), list->end());
            list->erase(std::unique(list->begin(), list->end()), list->end());
        }
        return found;
    }

private:
    template <class T>
    T read(std::uint64_t offset) const {
        if (offset > bytes_.size() || sizeof(T) > bytes_.size() - offset)
            throw Error(ErrorKind::invalid, base::tr("el fichero ELF está truncado"));
        T value;
        std::memcpy(&value, bytes_.data() + offset, sizeof value);
        return value;
    }
    Elf64_Shdr header_at(std::uint64_t index) const {
        if (index >= header_.e_shnum || header_.e_shoff > bytes_.size())
            throw Error(ErrorKind::invalid, base::tr("el fichero ELF está dañado"));
        return read<Elf64_Shdr>(header_.e_shoff + index * sizeof(Elf64_Shdr));
    }
    std::optional<Elf64_Shdr> section(std::uint32_t type) const {
        for (unsigned i = 0; i < header_.e_shnum; ++i) {
            const auto found = header_at(i);
            if (found.sh_type != type) continue;
            if (found.sh_offset > bytes_.size() || found.sh_size > bytes_.size() - found.sh_offset)
                throw Error(ErrorKind::invalid, base::tr("el fichero ELF está truncado"));
            return found;
        }
        return std::nullopt;
    }
    std::string text(const Elf64_Shdr& table, std::uint64_t offset) const {
        if (table.sh_offset > bytes_.size() || table.sh_size > bytes_.size() - table.sh_offset ||
            offset >= table.sh_size)
            throw Error(ErrorKind::invalid, base::tr("el fichero ELF está dañado"));
        const char* from = bytes_.data() + table.sh_offset + offset;
        return {from, ::strnlen(from, table.sh_size - offset)};
    }

    std::string bytes_;
    Elf64_Ehdr header_{};
};

}  // namespace

ElfSymbols read_elf_symbols(const std::filesystem::path& file) {
    return Image(base::read_file(file, largest_plugin)).symbols();
}

}  // namespace kernel::authoring
