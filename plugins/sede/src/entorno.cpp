#include "entorno.hpp"

#include <chrono>

namespace sede {
namespace {

Instante clock_now() {
    return std::chrono::duration_cast<std::chrono::seconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

/// "/es/tablon" -> "es": the language of the call, as its own addresses show it.
std::string language_of(const concejo::Call& call) {
    const std::string path = call.url("/x");
    const auto slash = path.find('/', 1);
    return slash == std::string::npos || path.empty() ? "es" : path.substr(1, slash - 1);
}

}  // namespace

Entorno::Entorno(const concejo::Call& from)
    : call(from),
      settings(from.settings()),
      municipio(from.municipality()),
      zona(municipio.string_or("time_zone", "Europe/Madrid")),
      tipos(
          settings, [&](const char* msgid) { return from.tr(msgid); }, language_of(from)),
      now(clock_now()),
      hoy(zona.day_of(now)) {}

Quien Entorno::quien() const {
    const auto who = call.who();
    if (who.kind == "system" || who.anonymous()) return {"sistema", "Sistema"};
    return {who.login.empty() ? who.id : who.login, who.name};
}

PdfCheck Entorno::pdf_check() const {
    return PdfCheck([this](const concejo::Json& spec) { return call.run(spec); },
                    static_cast<std::uint64_t>(settings.int_or("limite_pdf_mb", 50)));
}

std::string Entorno::language() const { return language_of(call); }
std::string Entorno::default_language() const { return municipio.string_or("default_language", "es"); }

Entorno::Localized Entorno::localized(const concejo::Json& texts) const {
    if (texts.is_string()) return {texts.as_string(), default_language()};
    for (const auto& language : {this->language(), default_language(), std::string("es")}) {
        if (texts[language].is_string()) return {texts[language].as_string(), language};
    }
    if (texts.is_object() && !texts.empty())
        return {texts.as_object().front().second.as_string(), texts.as_object().front().first};
    return {};
}

std::string Entorno::url(const Anuncio& anuncio, bool absolute) const {
    const std::string path = "/tablon/" + anuncio.slug();
    return call.url(path, absolute);
}

std::string Entorno::file_url(const Anuncio& anuncio, const Archivo& archivo, bool absolute) const {
    const std::string path = "/tablon/" + anuncio.slug() + "/" + archivo.slug;
    return call.url(path, absolute);
}

std::string Entorno::permanent_url(const Anuncio& anuncio) const {
    return municipio.string_or("url", "") + "/id/anuncio/" + anuncio.id.text();
}

std::string Entorno::size(std::uint64_t bytes) const {
    const auto size = tamano(bytes);
    return call.number(size.valor, size.decimales) + " " + size.unidad;
}

}  // namespace sede
