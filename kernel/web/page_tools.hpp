// What the kernel's own pages for the staff are made with: texts, addresses, and the pieces that the theme's
// components take (themes/base/README.md).
#pragma once

#include "kernel/web/own_pages.hpp"

#include <concejo/json.hpp>

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kernel::web {

/// A name in braces and what stands for it.
using Filling = std::pair<std::string_view, std::string_view>;

class PageTools {
public:
    explicit PageTools(OwnPages& own) : own_(own) {}

protected:
    std::string say(const Visit& visit, const char* text) const {
        return own_.pages.say(visit.language, text);
    }
    std::string say(const Visit&, const char* text, std::initializer_list<Filling>) const;
    /// A message of the kernel's (a problem of the configuration, an error): in the reader's language where
    /// the catalog has it. {text, lang}: lang null where it is the page's.
    concejo::Json told(const Visit&, const std::string& text) const;

    static std::string staff(const Visit& visit, std::string_view rest) { return staff_path(visit, rest); }
    static std::string parameter(const Visit&, std::string_view name);
    static std::string form(const Visit& visit, std::string_view name) { return form_text(visit, name); }
    static std::string query(const Visit& visit, std::string_view name) {
        return std::string(visit.asked().query_value(name).value_or(""));
    }
    static std::vector<std::string> form_list(const Visit&, std::string_view name);

    Accounts& accounts(const Visit& visit) const { return own_.accounts.of(visit.place()); }
    db::Pool& pool(const Visit& visit) const { return accounts(visit).pool; }
    std::string when(const Visit&, base::TimePoint) const;
    std::string when(const Visit&, const std::string& utc) const;  ///< "" where it is no time
    std::string number(const Visit& visit, std::int64_t value) const {
        return own_.pages.formats(visit.place()).number(visit.language, value);
    }
    void audit(const Visit&, const char* action, std::string object, const char* result,
               concejo::Json details = concejo::Json::object()) const;
    http::Response page(Visit& visit, const std::string& name, concejo::Json view, int status = 200) const {
        return html(own_.pages.own_page(visit, name, view), status);
    }

    /// The supervisor's hunks (runtime/config_desk.hpp) as the template web/diff takes them.
    static concejo::Json diff(const concejo::Json& hunks);
    static concejo::Json cell(concejo::Json::Object given);
    concejo::Json column(const Visit&, const char* label, bool numeric = false) const;
    concejo::Json table(const Visit&, const char* id, const char* caption, concejo::Json columns,
                        concejo::Json rows) const;
    concejo::Json nothing(const Visit&, const char* heading, const char* text) const;
    /// One line of a summary list; nothing is added where `text` is empty.
    void sum(const Visit&, concejo::Json& summary, const char* label, const std::string& text) const;

    struct Field {
        const char* name;
        const char* label;
        std::string value{};
        const char* hint = nullptr;
        std::string error{};
        const char* type = "text";
        bool optional = false;
        int maxlength = 200;
        const char* autocomplete = "off";
        int rows = 0;  ///< a text area
        const char* id = nullptr;
    };
    concejo::Json field(const Visit&, const Field&) const;

    struct Choice {
        std::string value, label;
        bool selected = false;
        std::string note{};
    };
    concejo::Json choices(const Visit&, const char* name, const char* label, const std::vector<Choice>&,
                          const std::string& error, bool optional) const;
    concejo::Json selection(const Visit&, const char* name, const char* label,
                            const std::vector<Choice>&) const;

    OwnPages& own_;
};

}  // namespace kernel::web
