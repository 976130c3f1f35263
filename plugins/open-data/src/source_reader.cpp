#include "source_reader.hpp"

#include "plugins/open-data/dcat/text.hpp"
#include "plugins/open-data/harvest/json_ld_reader.hpp"
#include "plugins/open-data/harvest/readers.hpp"

#include <algorithm>
#include <fstream>

namespace open_data {
namespace {

using concejo::Error;
using concejo::ErrorKind;
using concejo::HttpAnswer;

constexpr std::int64_t largest_page = 32 << 20, largest_reading = 192 << 20;  ///< bytes
constexpr std::size_t longest_address = 2'000;
constexpr int rows_asked = 100, seconds_to_read = 120;

std::string answer_field(const HttpAnswer& answer, std::string_view wanted) {
    for (const auto& [name, value] : answer.headers)
        if (dcat::to_lower(name) == wanted) return value;
    return {};
}

std::string package_search(const std::string& address, std::int64_t start) {
    return address + "/api/3/action/package_search?q=*%3A*&sort=metadata_created+asc&rows=" +
           std::to_string(rows_asked) + "&start=" + std::to_string(start);
}

std::string content_of(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// rapper's name of the syntax, or "json-ld": by what the server says; where it says nothing of it, by how
/// the document begins.
std::string syntax_of(const HttpAnswer& answer) {
    const auto type = dcat::to_lower(answer_field(answer, "content-type"));
    const auto is = [&](std::string_view one) { return type.starts_with(one); };
    if (is("text/turtle") || is("application/x-turtle")) return "turtle";
    if (is("application/n-triples")) return "ntriples";
    if (is("application/rdf+xml")) return "rdfxml";
    if (is("application/ld+json")) return "json-ld";
    std::ifstream in(answer.file, std::ios::binary);
    std::string start(1024, '\0');
    in.read(start.data(), static_cast<std::streamsize>(start.size()));
    start.resize(static_cast<std::size_t>(in.gcount()));
    if (start.starts_with("\xEF\xBB\xBF")) start.erase(0, 3);
    const auto first = start.find_first_not_of(" \t\r\n");
    if (first == std::string::npos) throw Error(ErrorKind::invalid, N_("La fuente da un documento vacío."));
    if (dcat::to_lower(start).find("<html") != std::string::npos)
        throw Error(ErrorKind::invalid, N_("La fuente da una página web en vez de un catálogo."));
    if (start[first] == '{' || start[first] == '[') return "json-ld";
    return start.compare(first, 5, "<?xml") == 0 || start.compare(first, 4, "<rdf") == 0 ||
                   start.compare(first, 2, "<!") == 0
               ? "rdfxml"
               : "turtle";
}

harvest::Triples triples_of(const concejo::Call& call, const HttpAnswer& answer) {
    const auto syntax = syntax_of(answer);
    if (syntax == "json-ld") return harvest::read_json_ld(Json::parse(content_of(answer.file)), answer.url);
    const auto read = call.run(Json::object(
        {{"argv", Json::array({"rapper", "-q", "-i", syntax, "-o", "ntriples", "{in}", answer.url})},
         {"files", Json::object({{"in", Json::object({{"path", answer.file}})}})},
         {"seconds", seconds_to_read},
         {"memory_mb", 1024},
         {"output_limit", largest_reading}}));
    if (read.bool_or("timed_out", false) || read.bool_or("truncated", false) || read.int_or("signal", 0) != 0)
        throw Error(
            ErrorKind::invalid,
            N_("Leer el documento de la fuente lleva demasiado tiempo o da demasiados datos: no se toma."));
    if (read.int_or("exit", 1) != 0) {
        const auto said = read.string_or("stderr", "");
        throw Error(
            ErrorKind::invalid,
            concejo::fill(
                call.tr("El documento de la fuente no es RDF correcto: {motivo}"),
                {{"motivo", dcat::clean_text(said.substr(0, std::min<std::size_t>(said.find('\n'), 300)))}}));
    }
    return harvest::read_n_triples(read.string_or("stdout", ""));
}

}  // namespace

Json as_json(const HarvestStep& step) {
    return Json::object({{"round", step.round},
                         {"url", step.url},
                         {"start", step.start},
                         {"etag", step.etag},
                         {"modified", step.modified}});
}

HarvestStep harvest_step_of(const Json& json) {
    return {json.int_or("round", 0), json.string_or("url", ""), json.int_or("start", 0),
            json.string_or("etag", ""), json.string_or("modified", "")};
}

HarvestStep first_page(const Source& source) {
    HarvestStep step;
    step.url = source.ckan ? package_search(source.address, 0) : source.address;
    return step;
}

std::optional<HarvestStep> page_after(const Source& source, const HarvestStep& step,
                                      const harvest::Page& page) {
    HarvestStep next;
    next.round = step.round;
    if (source.ckan) {
        next.start = step.start + page.listed;
        if (next.start >= page.total) return std::nullopt;
        if (page.listed == 0)
            throw Error(ErrorKind::invalid, N_("La fuente dice que tiene más conjuntos de los que da."));
        next.url = package_search(source.address, next.start);
        return next;
    }
    if (page.next.empty()) return std::nullopt;
    next.url = dcat::encode_uri(page.next);
    if (!dcat::is_web_url(next.url) || next.url.size() > longest_address)
        throw Error(ErrorKind::invalid, N_("La página siguiente de la fuente no es una dirección web."));
    return next;
}

ReadPage read_page(const concejo::Call& call, const Source& source, const HarvestStep& step) {
    Json headers = Json::array({Json::array(
        {"Accept", source.ckan ? "application/json"
                               : "text/turtle, application/rdf+xml;q=0.9, application/ld+json;q=0.8"})});
    for (const auto& [field, value] :
         {std::pair("If-None-Match", step.etag), {"If-Modified-Since", step.modified}})
        if (!value.empty()) headers.push_back(Json::array({field, value}));
    const auto answer = call.http(Json::object({{"url", step.url},
                                                {"headers", headers},
                                                {"seconds", 120},
                                                {"max_bytes", largest_page},
                                                {"to_file", true}}));
    ReadPage read{answer_field(answer, "etag"), answer_field(answer, "last-modified"), {}, false};
    if (answer.status == 304 && (!step.etag.empty() || !step.modified.empty())) {
        read.same = true, read.etag = step.etag, read.modified = step.modified;
        return read;
    }
    if (answer.status != 200)
        throw Error(
            answer.status == 429 || answer.status >= 500 ? ErrorKind::unavailable : ErrorKind::invalid,
            concejo::fill(call.tr("La fuente contesta {estado} en {direccion}."),
                          {{"estado", std::to_string(answer.status)}, {"direccion", step.url}}));
    const auto terms = terms_of(source);
    read.page = source.ckan ? harvest::read_ckan(Json::parse(content_of(answer.file)), terms)
                            : harvest::read_dcat(triples_of(call, answer), terms);
    return read;
}

}  // namespace open_data
