#include "import_file.hpp"

#include "sql.hpp"

namespace sede {

concejo::Result<Subida, Aviso> ImportFile::documento(const std::string& path, std::string_view filename,
                                                     std::uint64_t bytes) const {
    const auto checked = entorno_.pdf_check()(path, bytes);
    if (!checked) return checked.error();
    return store(path, filename, bytes, *checked);
}

concejo::Result<Subida, Aviso> ImportFile::anexo(const std::string& path, std::string_view filename,
                                                 std::uint64_t bytes) const {
    const auto checked = entorno_.pdf_check().annex(path, bytes, std::string(filename));
    if (!checked) return checked.error();
    return store(path, filename, bytes, *checked);
}

Subida ImportFile::store(const std::string& path, std::string_view filename, std::uint64_t bytes,
                         const Documento& documento) const {
    auto tx = entorno_.call.begin();
    AnuncioRepository anuncios(tx);
    const auto subida =
        keep(anuncios, entorno_.call.put_file(tx, path, documento.tipo_medio), filename, bytes, documento);
    tx.commit();
    return subida;
}

concejo::Result<Subida, Aviso> ImportFile::taken(std::string_view upload, bool documento) const {
    const auto& call = entorno_.call;
    concejo::Blob blob;
    try {
        auto tx = call.begin();
        blob = call.take_upload(tx, upload);
        tx.commit();
    } catch (const concejo::Error& error) {
        if (error.kind() != concejo::ErrorKind::not_found && error.kind() != concejo::ErrorKind::conflict)
            throw;
        return Aviso{documento ? "documento" : "anexos",
                     N_("El archivo no llegó entero o su subida ha caducado. Elíjalo otra vez."),
                     {}};
    }
    const FileSource file(blob.id, call.read_blob(blob.id, 0, FileSource::beginning_bytes));
    const auto checked = documento ? entorno_.pdf_check()(file, blob.bytes)
                                   : entorno_.pdf_check().annex(file, blob.bytes, blob.filename);
    auto tx = call.begin();
    if (!checked) {
        call.remove_blob(tx, blob.id);
        tx.commit();
        return checked.error();
    }
    AnuncioRepository anuncios(tx);
    const auto subida = keep(anuncios, blob.id, blob.filename, blob.bytes, *checked);
    tx.commit();
    return subida;
}

Subida ImportFile::keep(AnuncioRepository& anuncios, const std::string& id, std::string_view filename,
                        std::uint64_t bytes, const Documento& documento) const {
    const auto sha256 = sql::need(Sha256::parse(id));
    std::string nombre = clean_line(filename.substr(filename.find_last_of("/\\") + 1), 200);
    if (nombre.empty()) nombre = "documento.pdf";
    const Subida subida{{sha256, bytes, documento.tipo_medio, nombre, file_slug(nombre), documento.paginas},
                        documento.texto};
    anuncios.keep_upload(subida, entorno_.quien());
    return subida;
}

}  // namespace sede
