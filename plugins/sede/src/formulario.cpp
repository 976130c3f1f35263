#include "formulario.hpp"

#include <algorithm>
#include <charconv>

namespace sede {

Formulario Formulario::posted(const Campo& campo) {
    const auto line = [&](std::string_view name, std::size_t limit) {
        return clean_line(campo(name, 0).value_or(""), limit);
    };
    Formulario form;
    form.titulo = line("titulo", 400);
    form.tipo = line("tipo", 60);
    form.organo = line("organo", 200);
    form.referencia = line("referencia", 100);
    form.resumen = clean_text(campo("resumen", 0).value_or(""), 2000);
    form.idioma = line("idioma", 12);
    form.desde = line("desde", 20);
    form.hasta = line("hasta", 20);
    form.fecha_programada = line("fecha_programada", 20);
    form.hora_programada = line("hora_programada", 10);
    form.corrige = line("corrige", 40);
    form.duplicado_confirmado = campo("confirmar_duplicado", 0).has_value();
    form.ocultos_confirmados = campo("confirmar_ocultos", 0).value_or("");
    const std::string version = line("version", 9);
    std::from_chars(version.data(), version.data() + version.size(), form.version);
    return form;
}

Formulario Formulario::of(const Anuncio& anuncio, const Zona& zona) {
    const auto& c = anuncio.contenido;
    Formulario form;
    form.titulo = c.titulo;
    form.tipo = c.tipo;
    form.organo = c.organo;
    form.referencia = c.referencia;
    form.resumen = c.resumen;
    form.idioma = c.idioma;
    form.desde = c.desde.typed();
    form.hasta = c.hasta.typed();
    if (c.publicar_en) {
        form.fecha_programada = zona.day_of(*c.publicar_en).typed();
        form.hora_programada = zona.time_of(*c.publicar_en).text();
    }
    if (c.corrige) form.corrige = c.corrige->text();
    form.version = anuncio.version;
    form.archivos = c.archivos;
    form.documento_ = !c.archivos.empty();
    return form;
}

Formulario Formulario::blank(const Entorno& entorno) {
    Formulario form;
    const int days =
        static_cast<int>(std::max<std::int64_t>(entorno.settings.int_or("dias_exposicion", 30), 1));
    form.tipo = "edicto";
    form.organo = entorno.settings.string_or("organo_por_defecto", "");
    form.idioma = entorno.default_language();
    form.desde = entorno.hoy.typed();
    form.hasta = entorno.hoy.plus(days - 1).typed();  // both days count
    return form;
}

void Formulario::set_documento(const Archivo& archivo) {
    if (documento_ && !archivos.empty())
        archivos.front() = archivo;
    else
        archivos.insert(archivos.begin(), archivo);
    documento_ = true;
}

void Formulario::remove(std::string_view sha256) {
    if (const auto* main = documento(); main && main->sha256.text() == sha256) documento_ = false;
    std::erase_if(archivos, [&](const Archivo& archivo) { return archivo.sha256.text() == sha256; });
}

void Formulario::restore_files(const Campo& campo, AnuncioRepository& anuncios) {
    const auto known = [&](const std::optional<std::string>& text) -> std::optional<Archivo> {
        const auto sha256 = text ? Sha256::parse(*text) : std::nullopt;
        const auto subida = sha256 ? anuncios.find_upload(*sha256) : std::nullopt;
        return subida ? std::optional(subida->archivo) : std::nullopt;
    };
    if (const auto main = known(campo("documento_id", 0))) set_documento(*main);
    for (std::uint32_t n = 0; n < 50; ++n) {
        const auto text = campo("anexo_id", n);
        if (!text) break;
        if (const auto annex = known(text)) archivos.push_back(*annex);
    }
}

concejo::Result<Contenido, std::vector<Aviso>> Formulario::contenido(const Zona& zona, bool programar) const {
    std::vector<Aviso> avisos;
    const auto first = Fecha::parse(desde), last = Fecha::parse(hasta);
    if (!first) avisos.push_back({"desde", N_("Escriba el primer día de exposición como dd/mm/aaaa."), {}});
    if (!last) avisos.push_back({"hasta", N_("Escriba el último día de exposición como dd/mm/aaaa."), {}});
    std::optional<Instante> when;
    if (programar) {
        const auto day = Fecha::parse(fecha_programada);
        const auto time = Hora::parse(hora_programada.empty() ? "00:00" : hora_programada);
        if (!day)
            avisos.push_back(
                {"fecha_programada", N_("Escriba el día de la publicación como dd/mm/aaaa."), {}});
        if (!time)
            avisos.push_back({"hora_programada", N_("Escriba la hora como hh:mm, por ejemplo 09:00."), {}});
        if (day && time) when = zona.at(*day, *time);
    }
    if (!avisos.empty()) return avisos;
    // the days that the page tells are those on which it can be read
    const Fecha begins = when ? std::max(*first, zona.day_of(*when)) : *first;
    return Contenido{tipo,
                     organo,
                     referencia,
                     titulo,
                     resumen,
                     idioma.empty() ? "es" : idioma,
                     begins,
                     *last,
                     when,
                     AnuncioId::parse(corrige),
                     documento_ ? archivos : std::vector<Archivo>()};
}

}  // namespace sede
