#include "kernel/plugins/elf_note.hpp"

#include "kernel/base/tr.hpp"

#include <concejo/error.hpp>

#include <elf.h>

#include <cstring>
#include <fstream>
#include <optional>

namespace kernel::plugins {
namespace {

using concejo::Error;
using concejo::ErrorKind;

constexpr std::uint64_t longest_note_area = 1 << 20;

class ElfFile {
public:
    explicit ElfFile(const std::filesystem::path& path) : in_(path, std::ios::binary) {
        if (!in_) throw Error(ErrorKind::invalid, base::tr("no se puede leer"));
        in_.seekg(0, std::ios::end);
        size_ = static_cast<std::uint64_t>(in_.tellg());
        if (size_ < sizeof header_)
            throw Error(ErrorKind::invalid,
                        base::tr("no es una biblioteca compartida (ELF): el fichero es demasiado corto"));
        header_ = read<Elf64_Ehdr>(0);
        if (std::memcmp(header_.e_ident, ELFMAG, SELFMAG) != 0)
            throw Error(ErrorKind::invalid, base::tr("no es una biblioteca compartida (ELF)"));
        if (header_.e_ident[EI_CLASS] != ELFCLASS64 || header_.e_machine != EM_X86_64)
            throw Error(
                ErrorKind::invalid,
                base::tr("está compilado para otra máquina: este núcleo es x86-64 de 64 bits; recompílelo"));
        if (header_.e_type != ET_DYN)
            throw Error(ErrorKind::invalid, base::tr("es un fichero ELF, pero no una biblioteca compartida"));
    }

    std::optional<std::string> find(std::string_view name, std::uint32_t type) {
        for (unsigned i = 0; i < header_.e_phnum; ++i) {
            const auto segment = read<Elf64_Phdr>(header_.e_phoff + i * sizeof(Elf64_Phdr));
            if (segment.p_type != PT_NOTE) continue;
            if (auto note = walk(segment.p_offset, segment.p_filesz, name, type)) return note;
        }
        for (unsigned i = 0; i < header_.e_shnum; ++i) {
            const auto section = read<Elf64_Shdr>(header_.e_shoff + i * sizeof(Elf64_Shdr));
            if (section.sh_type != SHT_NOTE) continue;
            if (auto note = walk(section.sh_offset, section.sh_size, name, type)) return note;
        }
        return std::nullopt;
    }

private:
    std::string bytes(std::uint64_t offset, std::uint64_t count) {
        if (offset > size_ || count > size_ - offset)
            throw Error(ErrorKind::invalid, base::tr("el fichero ELF está truncado"));
        std::string data(count, '\0');
        in_.seekg(static_cast<std::streamoff>(offset));
        if (!in_.read(data.data(), static_cast<std::streamsize>(count)))
            throw Error(ErrorKind::invalid, base::tr("no se puede leer entero"));
        return data;
    }
    template <class T>
    T read(std::uint64_t offset) {
        T value;
        std::memcpy(&value, bytes(offset, sizeof value).data(), sizeof value);
        return value;
    }

    std::optional<std::string> walk(std::uint64_t offset, std::uint64_t size, std::string_view name,
                                    std::uint32_t type) {
        if (size > longest_note_area) return std::nullopt;
        const std::string area = bytes(offset, size);
        const auto padded = [](std::uint64_t n) { return (n + 3) & ~std::uint64_t{3}; };
        for (std::uint64_t at = 0; area.size() - at >= sizeof(Elf64_Nhdr);) {
            Elf64_Nhdr note;
            std::memcpy(&note, area.data() + at, sizeof note);
            at += sizeof note;
            const std::uint64_t content = at + padded(note.n_namesz);
            const std::uint64_t next = content + padded(note.n_descsz);
            if (content > area.size() || content + note.n_descsz > area.size()) break;
            const bool named = note.n_namesz == name.size() + 1 && area.compare(at, name.size(), name) == 0;
            if (named && note.n_type == type) return area.substr(content, note.n_descsz);
            if (next > area.size()) break;
            at = next;
        }
        return std::nullopt;
    }

    std::ifstream in_;
    std::uint64_t size_ = 0;
    Elf64_Ehdr header_{};
};

}  // namespace

std::string read_elf_note(const std::filesystem::path& file, std::string_view name, std::uint32_t type) {
    if (auto note = ElfFile(file).find(name, type)) return *std::move(note);
    throw Error(ErrorKind::invalid,
                base::tr("no es un complemento de Concejo: le falta el descriptor que pone CONCEJO_PLUGIN"));
}

}  // namespace kernel::plugins
