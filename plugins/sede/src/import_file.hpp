// An uploaded or given file: checked in a child process, stored by its content, kept ready for an announcement.
#pragma once

#include "anuncio_repository.hpp"
#include "entorno.hpp"

#include <concejo/result.hpp>

namespace sede {

class ImportFile {
public:
    explicit ImportFile(const Entorno& entorno) : entorno_(entorno) {}
    /// The announcement itself. Opens a transaction of its own: checking a file must not hold one.
    concejo::Result<Subida, Aviso> documento(const std::string& path, std::string_view filename,
                                             std::uint64_t bytes) const;
    concejo::Result<Subida, Aviso> anexo(const std::string& path, std::string_view filename,
                                         std::uint64_t bytes) const;
    /// A resumable upload of whoever is asking: it is stored already; what is refused is given back.
    concejo::Result<Subida, Aviso> documento(std::string_view upload) const { return taken(upload, true); }
    concejo::Result<Subida, Aviso> anexo(std::string_view upload) const { return taken(upload, false); }

private:
    concejo::Result<Subida, Aviso> taken(std::string_view upload, bool documento) const;
    Subida store(const std::string& path, std::string_view filename, std::uint64_t bytes,
                 const Documento& documento) const;
    Subida keep(AnuncioRepository& anuncios, const std::string& sha256, std::string_view filename,
                std::uint64_t bytes, const Documento& documento) const;
    const Entorno& entorno_;
};

}  // namespace sede
