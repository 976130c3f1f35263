#include "copy_preview.hpp"

#include "sdk.hpp"
#include "tool.hpp"

#include "plugins/evidence/crypto/encoding.hpp"

#include <concejo/services/evidence.hpp>

#include <charconv>

namespace evidence {
namespace {

constexpr std::size_t most_shown = 10;

/// Of what was typed, the areas of that page, without spaces: an address is no place for all of it.
std::string areas_of_page(const std::string& areas, std::int64_t page) {
    std::string found;
    const auto start = std::to_string(page) + ":";
    for (std::size_t at = 0; at < areas.size();) {
        const auto end = std::min(areas.find_first_of(";\n", at), areas.size());
        auto line = areas.substr(at, end - at);
        std::erase_if(line, [](char c) { return c == ' ' || c == '\t' || c == '\r'; });
        if (line.starts_with(start)) found += (found.empty() ? "" : ";") + line;
        at = end + 1;
    }
    return found;
}

/// What the child says, or why not: {"refused"}.
Json of_child(const Call& call, const char* command, const Documento& original, const Json& asked) {
    const auto done =
        run_tool(call, {command, "{in}"}, Json::object({{"blob", original.sha256}}), asked.dump());
    return done.int_or("exit", -1) == 0 ? Json::parse(done.string_or("stdout", "{}"))
                                        : Json::object({{"refused", "unreadable"}});
}

concejo::Result<Documento, const char*> find_original(const Call& call, const Csv& csv) {
    auto tx = call.begin();
    return original_of_copies(tx, csv);
}

}  // namespace

concejo::Result<Json, const char*> preview_of(const Call& call, const Csv& csv, const std::string& paginas,
                                              const std::string& areas) {
    const auto original = find_original(call, csv);
    if (!original) return original.error();
    const Json found =
        of_child(call, "find-pages", *original, Json::object({{"pages", paginas}, {"areas", areas}}));
    if (const auto refused = found.string_or("refused", ""); !refused.empty()) return why_no_copy(refused);
    const auto& pages = found["pages"].as_array();
    Json shown = Json::array();
    for (const auto& one : pages) {
        const auto page = one.as_int();
        if (shown.as_array().size() == most_shown) break;
        const auto caption = fill(call.tr("Página {n}"), {{"n", std::to_string(page)}});
        shown.push_back(Json::object(
            {{"src", call.url("/gestion/copias/" + csv.text() + "/pagina") + "?n=" + std::to_string(page) +
                         "&areas=" + areas_of_page(areas, page)},
             {"number", std::to_string(page)},
             {"caption", caption},
             {"alt", fill(call.tr("{pagina}, con una cuadrícula de 10 milímetros; lo que se quita, en rojo"),
                          {{"pagina", caption}})}}));
    }
    const auto rest = pages.size() - shown.as_array().size();
    Json more;
    if (rest > 0)
        more = fill(call.trn("Hay {n} página más: pídala arriba.",
                             "Hay {n} páginas más: pídalas arriba, de diez en diez.",
                             static_cast<std::int64_t>(rest)),
                    {{"n", std::to_string(rest)}});
    return Json::object({{"pages", std::move(shown)}, {"rest", std::move(more)}});
}

void send_preview(const concejo::Request& request, concejo::Reply& reply) {
    const auto csv = Csv::parse(request.segment("csv"));
    const auto asked = request.query("n").value_or("1").substr(0, 6);
    int page = 0;
    std::from_chars(asked.data(), asked.data() + asked.size(), page);
    if (!csv) throw Error(ErrorKind::not_found, request.tr("Ningún documento tiene ese código."));
    const auto original = find_original(request, *csv);
    if (!original) throw Error(ErrorKind::not_found, request.tr(original.error()));
    const Json made = of_child(
        request, "draw-page", *original,
        Json::object({{"page", page}, {"areas", request.query("areas").value_or("").substr(0, 5000)}}));
    const auto png = crypto::unbase64(made.string_or("png", ""));
    if (!png || png->empty())
        throw Error(ErrorKind::not_found, request.tr(why_no_copy(made.string_or("refused", ""))));
    reply.field("Cache-Control", "private, no-store");
    reply.body("image/png", *png);
}

}  // namespace evidence
