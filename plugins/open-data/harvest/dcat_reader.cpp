#include "mapper.hpp"
#include "readers.hpp"

#include <concejo/text.hpp>

#include <algorithm>
#include <charconv>

namespace open_data::harvest {
namespace {

using concejo::N_;

/// What a dataset and its distributions say and is taken; anything else is named in a note.
constexpr std::string_view taken[] = {"rdf:type",
                                      "dct:identifier",
                                      "dct:title",
                                      "dct:description",
                                      "dcat:keyword",
                                      "dcat:theme",
                                      "dct:publisher",
                                      "dcat:contactPoint",
                                      "dct:issued",
                                      "dct:modified",
                                      "dct:accrualPeriodicity",
                                      "dct:spatial",
                                      "dct:temporal",
                                      "dct:accessRights",
                                      "dcatap:hvdCategory",
                                      "dcatap:applicableLegislation",
                                      "dcat:version",
                                      "owl:versionInfo",
                                      "dcat:landingPage",
                                      "dct:language",
                                      "dcat:distribution",
                                      "dcat:accessURL",
                                      "dcat:downloadURL",
                                      "dct:format",
                                      "dcat:mediaType",
                                      "dct:license",
                                      "dcat:byteSize",
                                      "dcatap:availability",
                                      "schema:sha256"};

class DatasetReader {
public:
    DatasetReader(const Triples& triples, const Terms& terms, std::string name)
        : triples_(triples), terms_(terms), name_(std::move(name)), mapper_(terms, item_) {}

    Item read() {
        const auto identifier = mapper_.text(triples_.text(name_, "dct:identifier"), longest_key);
        const auto uri = name_.starts_with("_:") ? std::string() : mapper_.address(name_);
        item_.key = uri.empty() ? identifier : uri;
        if (item_.key.size() > longest_key) item_.key.clear();
        Json titles = texts(name_, "dct:title", longest_title);
        if (titles.is_object() && !titles.empty())
            item_.title = titles.contains("es") ? titles["es"].as_string()
                                                : titles.as_object().front().second.as_string();
        const auto publisher = publisher_of();
        item_.left_out = !terms_.only.empty() &&
                         std::find(terms_.only.begin(), terms_.only.end(), publisher.string_or("dir3", "")) ==
                             terms_.only.end();
        if (item_.key.empty())
            item_.refused = N_("No tiene identificador.");
        else if (item_.title.empty())
            item_.refused = N_("No tiene título.");
        if (item_.left_out || *item_.refused) return std::move(item_);
        mapper_.need_spanish(titles);
        item_.meta["title"] = titles;
        describe();
        item_.page = mapper_.address(triples_.text(name_, "dcat:landingPage"));
        if (item_.page.empty()) item_.page = uri;
        item_.meta["origin"] = Json::object({{"uri", uri},
                                             {"identifier", identifier.empty() ? uri : identifier},
                                             {"page", item_.page},
                                             {"issued", instant("dct:issued")},
                                             {"modified", instant("dct:modified")},
                                             {"publisher", publisher},
                                             {"contact", contact()},
                                             {"languages", languages()}});
        distributions();
        unread(name_);
        return std::move(item_);
    }

private:
    Json texts(const std::string& of, std::string_view predicate, std::size_t most) {
        Json all;
        for (const auto* one : triples_.all(of, predicate))
            if (!one->names_node()) mapper_.put(all, one->language, one->text, most);
        return all;
    }
    std::vector<std::string> values(std::string_view predicate) const {
        std::vector<std::string> all;
        for (const auto* one : triples_.all(name_, predicate))
            if (one->kind != Value::Kind::blank) all.push_back(one->text);
        return all;
    }
    std::string instant(std::string_view predicate) {
        return mapper_.instant(triples_.text(name_, predicate));
    }

    void describe() {
        auto& meta = item_.meta;
        auto notes = texts(name_, "dct:description", longest_notes);
        mapper_.need_spanish(notes);
        meta["notes"] = notes.is_object() ? notes : Json::object();
        meta["keywords"] = keywords();
        meta["sectors"] = mapper_.sectors(values("dcat:theme"));
        meta["frequency"] = frequency();
        meta["access_right"] = last_of("dct:accessRights", "PUBLIC");
        if (const auto hvd = values("dcatap:hvdCategory"); !hvd.empty())
            meta["hvd"] = hvd.front().substr(hvd.front().rfind('/') + 1);
        Json laws = Json::array();
        for (const auto& one : values("dcatap:applicableLegislation"))
            if (auto law = mapper_.address(one); !law.empty() && laws.size() < 20)
                laws.push_back(std::move(law));
        if (!laws.empty()) meta["legislation"] = laws;
        for (const auto* predicate : {"dcat:version", "owl:versionInfo"})
            if (auto version = mapper_.text(triples_.text(name_, predicate), 100); !version.empty())
                meta["version"] = version;
        if (const auto places = values("dct:spatial"); !places.empty())
            meta["spatial"] = mapper_.territory(places);
        period();
    }

    std::string last_of(std::string_view predicate, const char* otherwise) const {
        const auto text = triples_.text(name_, predicate);
        return text.starts_with("http://publications.europa.eu/") ? text.substr(text.rfind('/') + 1)
                                                                  : std::string(otherwise);
    }

    Json keywords() {
        Json all = Json::object();
        std::size_t count = 0;
        for (const auto* one : triples_.all(name_, "dcat:keyword")) {
            Json in;
            mapper_.put(in, one->language, one->text, longest_word);
            if (!in.is_object() || in.empty() || ++count > most_words) continue;
            const auto& [language, word] = in.as_object().front();
            all[language].push_back(word);
        }
        return all;
    }

    /// An address of the EU's table, or a time:DurationDescription as NTI-RISP has it.
    std::string frequency() {
        const auto* said = triples_.first(name_, "dct:accrualPeriodicity");
        if (!said) return {};
        if (said->kind != Value::Kind::blank && triples_.all(said->text, "rdf:value").empty())
            return mapper_.frequency(said->text);
        auto duration = triples_.text(said->text, "rdf:value");
        if (duration.empty()) duration = said->text;
        static constexpr std::pair<const char*, const char*> units[] = {{"time:years", "Y"},
                                                                        {"time:months", "M"},
                                                                        {"time:weeks", "W"},
                                                                        {"time:days", "D"},
                                                                        {"time:hours", "H"}};
        for (const auto& [unit, letter] : units)
            if (const auto number = triples_.text(duration, unit); !number.empty() && number != "0") {
                if (std::string_view(letter) == "W" && number == "1") return mapper_.frequency("P7D");
                return mapper_.frequency((std::string_view(letter) == "H" ? "PT" : "P") + number + letter);
            }
        mapper_.note(N_("La frecuencia «{valor}» no está en el vocabulario."),
                     triples_.text(said->text, "rdfs:label"));
        return {};
    }

    void period() {
        const auto* said = triples_.first(name_, "dct:temporal");
        if (!said) return;
        const auto at = [&](std::initializer_list<const char*> own, const char* instant_of) {
            for (const auto* predicate : own)
                if (const auto text = triples_.text(said->text, predicate); !text.empty())
                    return mapper_.day(text);
            return mapper_.day(triples_.text(triples_.text(said->text, instant_of), "time:inXSDDateTime"));
        };
        const auto from =
                       at({"dcat:startDate", "schema:startDate", "schemas:startDate"}, "time:hasBeginning"),
                   until = at({"dcat:endDate", "schema:endDate", "schemas:endDate"}, "time:hasEnd");
        if (!from.empty() && !until.empty() && until < from)
            return mapper_.note(N_("El periodo acaba antes de empezar ({valor}), y no se toma."),
                                from + " – " + until);
        if (!from.empty() || !until.empty())
            item_.meta["temporal"] = Json::object({{"start", from}, {"end", until}});
    }

    Json publisher_of() {
        const auto* said = triples_.first(name_, "dct:publisher");
        std::string code;
        Json name;
        if (said) {
            if (const auto at = said->text.rfind("/Organismo/"); at != std::string::npos)
                code = said->text.substr(at + 11, 20);
            if (code.empty()) code = triples_.text(said->text, "dct:identifier").substr(0, 20);
            name = texts(said->text, "foaf:name", longest_title);
        }
        mapper_.need_spanish(name);
        const bool right =
            code.size() == 9 && code[0] >= 'A' && code[0] <= 'Z' &&
            code.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == std::string::npos;
        if (!code.empty() && !right)
            mapper_.note(N_("«{valor}» no es un código DIR3, y no se toma."), code), code.clear();
        if (!terms_.publisher.empty() && code.empty()) code = terms_.publisher;
        if (!name.is_object() || name.empty()) name = Json::object({{"es", terms_.organization}});
        return Json::object({{"dir3", code}, {"name", name}});
    }

    Json contact() {
        const auto* said = triples_.first(name_, "dcat:contactPoint");
        if (!said) return {};
        auto name = texts(said->text, "vcard:fn", longest_title);
        mapper_.need_spanish(name);
        const auto without = [&](std::string_view predicate, std::string_view scheme) {
            auto text = triples_.text(said->text, predicate);
            if (const auto* node = triples_.first(text, "vcard:hasValue")) text = node->text;
            return mapper_.text(text.starts_with(scheme) ? text.substr(scheme.size()) : text, 300);
        };
        const auto page = triples_.text(said->text, "vcard:hasURL");
        return Json::object({{"name", name.is_object() ? name : Json::object()},
                             {"email", without("vcard:hasEmail", "mailto:")},
                             {"telephone", without("vcard:hasTelephone", "tel:")},
                             {"page", page.empty() ? std::string() : mapper_.address(page)}});
    }

    Json languages() const {
        Json all = Json::array();
        for (const auto* one : triples_.all(name_, "dct:language"))
            if (all.size() < 20) all.push_back(one->text.substr(0, 200));
        return all;
    }

    void distributions() {
        item_.resources = Json::array();
        for (const auto* one : triples_.all(name_, "dcat:distribution")) {
            if (!one->names_node()) continue;
            if (item_.resources.size() == most_resources) {
                mapper_.note(N_("Tiene más de {valor} archivos: los demás no se toman."),
                             std::to_string(most_resources));
                break;
            }
            distribution(*one);
        }
        item_.meta["license"] = license_.empty() ? mapper_.license("") : license_;
        if (item_.resources.empty()) mapper_.note(N_("No da ningún archivo ni dirección con los datos."));
    }

    void distribution(const Value& which) {
        const auto& d = which.text;
        const auto access = mapper_.address(triples_.text(d, "dcat:accessURL")),
                   download = mapper_.address(triples_.text(d, "dcat:downloadURL"));
        const auto url = download.empty() ? access : download;
        if (url.empty())
            return mapper_.note(N_("Un archivo no dice dónde está, y no se toma: «{valor}»."), d);
        auto names = texts(d, "dct:title", longest_title), notes = texts(d, "dct:description", longest_notes);
        mapper_.need_spanish(names), mapper_.need_spanish(notes);
        if (!names.is_object() || names.empty())
            names = Json::object({{"es", mapper_.text(url.substr(url.rfind('/') + 1), longest_title)}});
        auto own = triples_.text(d, "dct:license");
        if (own.empty()) own = triples_.text(name_, "dct:license");
        const auto license = own.empty() ? std::string() : mapper_.license(own);
        if (license_.empty()) license_ = license;
        const auto media = media_type(d);
        const auto* format_node = triples_.first(d, "dct:format");
        std::string written = format_node ? format_node->text : std::string();
        if (format_node && !triples_.text(written, "rdf:value").empty())
            written = triples_.text(written, "rdf:value");
        else if (format_node && !triples_.text(written, "rdfs:label").empty() && !written.starts_with("http"))
            written = triples_.text(written, "rdfs:label");
        auto format = mapper_.format({written, media});
        if (format.empty()) format = mapper_.text(written.substr(written.find_last_of("/#:") + 1), 20);
        item_.resources.push_back(Json::object(
            {{"format", format},
             {"url", url},
             {"media_type", media},
             {"bytes", bytes(triples_.text(d, "dcat:byteSize"))},
             {"meta",
              Json::object(
                  {{"name", names},
                   {"description", notes.is_object() ? notes : Json::object()},
                   {"origin",
                    Json::object(
                        {{"uri", which.kind == Value::Kind::iri ? mapper_.address(d) : std::string()},
                         {"access_url", access},
                         {"download_url", download},
                         {"license", license},
                         {"availability", mapper_.availability(triples_.text(d, "dcatap:availability"))},
                         {"sha256", triples_.text(d, "schema:sha256").substr(0, 64)},
                         {"issued", mapper_.instant(triples_.text(d, "dct:issued"))},
                         {"modified", mapper_.instant(triples_.text(d, "dct:modified"))}})}})}}));
        unread(d);
    }

    std::string media_type(const std::string& distribution) {
        auto said = triples_.text(distribution, "dcat:mediaType");
        if (const auto at = said.find("/media-types/"); at != std::string::npos) said = said.substr(at + 13);
        return mapper_.text(said.starts_with("_:") ? "" : said, 100);
    }

    static Json bytes(const std::string& written) {
        std::int64_t number = 0;
        const auto [end, error] = std::from_chars(written.data(), written.data() + written.size(), number);
        return error == std::errc{} && number > 0 && (end == written.data() + written.size() || *end == '.')
                   ? Json(number)
                   : Json();
    }

    void unread(const std::string& node) {
        for (const auto& one : triples_.predicates(node))
            if (std::find(std::begin(taken), std::end(taken), one) == std::end(taken))
                mapper_.note(N_("No se toma lo que dice «{valor}»."), one);
    }

    const Triples& triples_;
    const Terms& terms_;
    const std::string name_;
    Item item_;
    Mapper mapper_;
    std::string license_;
};

}  // namespace

Page read_dcat(const Triples& triples, const Terms& terms) {
    Page page;
    for (const auto& one : triples.of_class("dcat:Dataset"))
        page.items.push_back(DatasetReader(triples, terms, one).read());
    page.listed = static_cast<std::int64_t>(page.items.size());
    for (const auto* type : {"hydra:PagedCollection", "hydra:PartialCollectionView"})
        for (const auto& collection : triples.of_class(type))
            for (const auto* next : {"hydra:next", "hydra:nextPage"})
                if (page.next.empty()) page.next = triples.text(collection, next);
    return page;
}

}  // namespace open_data::harvest
