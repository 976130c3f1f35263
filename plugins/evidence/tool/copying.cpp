#include "commands.hpp"

#include "plugins/evidence/copying/extract.hpp"
#include "plugins/evidence/copying/find_text.hpp"
#include "plugins/evidence/copying/preview.hpp"
#include "plugins/evidence/copying/scan.hpp"
#include "plugins/evidence/crypto/encoding.hpp"
#include "plugins/evidence/factory/stamp_csv.hpp"

#include <concejo/json.hpp>

#include <iostream>

namespace evidence::tool {
namespace {

using concejo::Json;

factory::CsvStamp stamp_of(const Json& wanted) {
    factory::CsvStamp stamp;
    stamp.verification = {wanted.string_or("csv_label", ""), wanted.string_or("csv", ""),
                          wanted.string_or("url_label", ""), wanted.string_or("url", ""),
                          wanted.string_or("note", ""),      wanted.string_or("mark", "")};
    stamp.language = wanted.string_or("language", "es");
    stamp.page_label = wanted.string_or("page_label", "");
    return stamp;
}

const char* code(factory::NotStampable why) {
    constexpr const char* reasons[] = {"unreadable", "encrypted", "has_signatures", "too_large",
                                       "too_many_pages"};
    return reasons[static_cast<int>(why)];
}

int tell(const Json& answer) {
    std::cout << answer.dump();
    return 0;
}

int refuse(const std::string& why) { return tell(Json::object({{"refused", why}})); }

int give(const std::string& pdf, const std::string& statement, const std::vector<int>& pictured) {
    Json pages = Json::array();
    for (const int page : pictured) pages.push_back(page);
    return tell(Json::object({{"pdf", crypto::base64(pdf)}, {"statement", statement}, {"pictured", pages}}));
}

int partial(const std::string& pdf, const Json& wanted) {
    copying::Extract extract;
    const auto which = wanted.string_or("pages", "");
    auto pages = which.empty() ? std::optional(std::vector<int>()) : copying::parse_pages(which);
    auto areas = copying::parse_areas(wanted.string_or("areas", ""));
    if (!pages || !areas) return refuse("no_such_page");
    extract.pages = std::move(*pages), extract.areas = std::move(*areas);
    extract.texts = copying::parse_texts(wanted.string_or("texts", ""));
    extract.about = {wanted.string_or("municipio", ""), wanted.string_or("original", "")};
    extract.secret = crypto::unhex(wanted.string_or("secret", "")).value_or("");
    if (extract.secret.size() != 32) return refuse("no_secret");
    const auto made = copying::make_extract(pdf, extract);
    if (!made) return refuse(copying::code(made.error()));
    const auto stamped = factory::stamp_csv(made->pdf, stamp_of(wanted.at("stamp")));
    if (!stamped) return refuse(code(stamped.error()));
    return give(copying::with_statement(*stamped, made->statement), made->statement, made->pictured);
}

}  // namespace

int stamp_csv(const std::string& file) {
    const auto stamped = factory::stamp_csv(read(file), stamp_of(Json::parse(standard_input())));
    return stamped ? tell(Json::object({{"pdf", crypto::base64(*stamped)}})) : refuse(code(stamped.error()));
}

int copy(const std::string& file) {
    const Json wanted = Json::parse(standard_input());
    const auto kind = wanted.string_or("kind", "");
    const auto pdf = read(file);
    if (kind == "EE04") return partial(pdf, wanted);
    if (kind != "EE02" && kind != "EE03") return refuse("kind");
    if (kind == "EE03")
        if (const auto why = copying::why_no_scan(pdf)) return refuse(*why);
    auto stamped = factory::stamp_csv(pdf, stamp_of(wanted.at("stamp")));
    if (!stamped && stamped.error() == factory::NotStampable::has_signatures) {
        // A copy does not keep what was signed byte by byte: it shows it, and its own seal answers for it.
        const auto drawn = copying::redraw(pdf);
        if (!drawn) return refuse(copying::code(drawn.error()));
        stamped = factory::stamp_csv(*drawn, stamp_of(wanted.at("stamp")));
    }
    return stamped ? give(*stamped, "", {}) : refuse(code(stamped.error()));
}

int draw_page(const std::string& file) {
    const Json wanted = Json::parse(standard_input());
    const auto page = static_cast<int>(wanted.int_or("page", 0));
    const auto areas = copying::parse_areas(wanted.string_or("areas", ""));
    if (!areas) return refuse("no_such_page");
    const auto of_page = areas->find(page);
    const auto drawn = copying::preview(
        read(file), page, of_page == areas->end() ? std::vector<copying::Area>() : of_page->second);
    return drawn ? tell(Json::object({{"png", crypto::base64(drawn->png)}}))
                 : refuse(copying::code(drawn.error()));
}

int find_pages(const std::string& file) {
    const Json wanted = Json::parse(standard_input());
    const auto which = wanted.string_or("pages", "");
    const auto asked = which.empty() ? std::optional(std::vector<int>()) : copying::parse_pages(which);
    if (!asked || !copying::parse_areas(wanted.string_or("areas", ""))) return refuse("no_such_page");
    const auto there = copying::pages_there(read(file), *asked);
    if (!there) return refuse(copying::code(there.error()));
    Json pages = Json::array();
    for (const int page : *there) pages.push_back(page);
    return tell(Json::object({{"pages", std::move(pages)}}));
}

int check_extract(const std::vector<std::string>& files) {
    const auto copy = read(files.at(0));
    std::string original;
    if (files.size() > 1) original = read(files[1]);
    const auto report = copying::check_statement(
        copy, files.size() > 1 ? std::optional<std::string_view>(original) : std::nullopt);
    std::cout << report.dump(true) << "\n";
    const auto verdict = report.string_or("veredicto", "");
    return verdict == "concuerda" ? 0 : verdict == "sin-original" ? 3 : 1;
}

}  // namespace evidence::tool
