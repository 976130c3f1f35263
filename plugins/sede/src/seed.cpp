#include "seed.hpp"

#include "import_file.hpp"
#include "publish_anuncio.hpp"
#include "save_borrador.hpp"
#include "sql.hpp"
#include "withdraw_anuncio.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace sede {
namespace {

using concejo::Error;
using concejo::ErrorKind;
using concejo::Json;

Json read_list(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw Error(ErrorKind::not_found, "no se puede leer " + file.string());
    return Json::parse(std::string(std::istreambuf_iterator<char>(in), {}));
}

Fecha day_of(const Json& item, const char* key) {
    const auto day = Fecha::parse(item.at(key).as_string());
    if (!day)
        throw Error(ErrorKind::invalid,
                    std::string("«") + key + "» no es una fecha: " + item.at(key).as_string());
    return *day;
}

std::optional<Instante> instant_of(const Zona& zona, const std::string& text) {
    const auto day = Fecha::parse(text.substr(0, text.find(' ')));
    const auto time = text.size() > 11 ? Hora::parse(text.substr(11)) : Hora{9, 0};
    if (!day || !time) return std::nullopt;
    return zona.at(*day, *time);
}

/// One announcement in one transaction; false where it was there already.
bool load(const Entorno& entorno, const Json& item, const std::filesystem::path& folder) {
    const std::string reference = item.at("referencia").as_string();
    {
        auto tx = entorno.call.begin();
        if (AnuncioRepository(tx).find_by_reference(reference)) return false;
    }
    const std::filesystem::path pdf = folder / item.at("pdf").as_string();
    const auto subida =
        ImportFile(entorno).documento(pdf.string(), pdf.filename().string(), std::filesystem::file_size(pdf));
    if (!subida) throw Error(ErrorKind::invalid, pdf.string() + ": " + entorno.text(subida.error()));

    auto tx = entorno.call.begin();
    AnuncioRepository anuncios(tx);
    Contenido contenido{item.at("tipo").as_string(),
                        item.at("organo").as_string(),
                        reference,
                        item.at("titulo").as_string(),
                        item.string_or("resumen", ""),
                        item.string_or("idioma", entorno.default_language()),
                        day_of(item, "desde"),
                        day_of(item, "hasta"),
                        {},
                        {},
                        {subida->archivo}};
    if (const std::string corrects = item.string_or("corrige", ""); !corrects.empty()) {
        if (const auto other = anuncios.find_by_reference(corrects)) contenido.corrige = other->id;
    }
    const std::string state = item.string_or("estado", "publicado");
    const Anuncio borrador = SaveBorrador(entorno, tx)(std::move(contenido));
    if (state != "borrador") {
        PublishAnuncio publish(entorno, tx);
        // Of today, an hour that has not come yet would be in the future.
        const auto said = instant_of(entorno.zona, item.string_or("publicado", ""));
        const auto published = publish.past(std::min(said, std::optional(entorno.now)))(borrador);
        if (!published)
            throw Error(ErrorKind::invalid, reference + ": " + entorno.text(published.error().front()));
        if (state == "retirado" && !WithdrawAnuncio(entorno, tx)(*published, item.string_or("motivo", ""),
                                                                 published->contenido.organo))
            throw Error(ErrorKind::invalid, reference + ": no se puede retirar");
    }
    tx.commit();
    return true;
}

}  // namespace

void seed(const concejo::Call& call, const concejo::Json& arguments, const concejo::Terminal& terminal) {
    const Entorno entorno(call);
    if (entorno.municipio.string_or("mode", "produccion") == "produccion")
        throw Error(ErrorKind::forbidden,
                    "«seed» inventa anuncios: solo se usa en modo de demostración o de desarrollo");
    const std::filesystem::path file = arguments.at("lista").as_string();
    const Json list = read_list(file);
    const auto& items = list.at("anuncios").as_array();
    std::uint64_t done = 0, added = 0;
    for (const auto& item : items) {
        added += load(entorno, item, file.parent_path());
        terminal.progress(++done, items.size(), item.at("titulo").as_string());
    }
    if (arguments.bool_or("json", false))
        terminal.out(Json::object({{"anadidos", added}, {"total", items.size()}}).dump());
    else
        terminal.out(fill(call.tr("{n} anuncios cargados."), {{"n", std::to_string(added)}}));
}

}  // namespace sede
