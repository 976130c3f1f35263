#include "import_file.hpp"

#include "sql.hpp"

namespace sede {

concejo::Result<Subida, Aviso> ImportFile::documento(const std::string& path, std::string_view filename, std::uint64_t bytes) const {
    const auto checked = entorno_.pdf_check()(path, bytes);
    if (!checked) return checked.error();
    return store(path, filename, bytes, *checked);
}

concejo::Result<Subida, Aviso> ImportFile::anexo(const std::string& path, std::string_view filename, std::uint64_t bytes) const {
    const auto checked = entorno_.pdf_check().annex(path, bytes, std::string(filename));
    if (!checked) return checked.error();
    return store(path, filename, bytes, *checked);
}

Subida ImportFile::store(const std::string& path, std::string_view filename, std::uint64_t bytes, const Documento& documento) const {
    auto tx = entorno_.call.begin();
    AnuncioRepository anuncios(tx);
    const auto sha256 = sql::need(Sha256::parse(entorno_.call.put_file(tx, path, documento.tipo_medio)));
    std::string nombre = clean_line(filename.substr(filename.find_last_of("/\\") + 1), 200);
    if (nombre.empty()) nombre = "documento.pdf";
    const Subida subida{{sha256, bytes, documento.tipo_medio, nombre, file_slug(nombre), documento.paginas}, documento.texto};
    anuncios.keep_upload(subida, entorno_.quien());
    tx.commit();
    return subida;
}

}  // namespace sede
