#include "fields.hpp"

#include "sql_names.hpp"

#include <concejo/field.hpp>

#include <algorithm>

namespace open_data {
namespace {

std::string cleaned(std::string_view text, std::size_t limit, bool lines) {
    std::string out;
    for (const char c : cut(text, limit)) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte == '\r') continue;
        out += byte >= 0x20 && byte != 0x7F ? c : lines && c == '\n' ? '\n' : ' ';
    }
    const auto from = out.find_first_not_of(" \n");
    return from == std::string::npos ? std::string()
                                     : out.substr(from, out.find_last_not_of(" \n") - from + 1);
}

std::string typed(const concejo::Request& request, const std::string& field, std::size_t most, bool lines,
                  std::vector<Wrong>& wrong) {
    auto text = cleaned(request.form(field).value_or(""), std::string::npos, lines);
    const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; };
    const auto letters =
        text.size() - static_cast<std::size_t>(std::count_if(text.begin(), text.end(), continues));
    if (letters > most)
        wrong.push_back(
            {field, concejo::fill(request.tr("Caben {n} caracteres y hay {m}: acórtelo."),
                                  {{"n", std::to_string(most)}, {"m", std::to_string(letters)}})});
    return text;
}

}  // namespace

std::string typed_line(const concejo::Request& request, const std::string& field, std::size_t most,
                       std::vector<Wrong>& wrong) {
    return typed(request, field, most, false, wrong);
}
std::string typed_lines(const concejo::Request& request, const std::string& field, std::size_t most,
                        std::vector<Wrong>& wrong) {
    return typed(request, field, most, true, wrong);
}

std::string clean_line(std::string_view text, std::size_t limit) { return cleaned(text, limit, false); }
std::string clean_lines(std::string_view text, std::size_t limit) { return cleaned(text, limit, true); }

std::string as_sentence(std::string text) {
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
    return text;
}

Json Fields::base(const std::string& name, std::string label, const std::string& value, std::string hint,
                  bool optional) const {
    std::string error;
    for (const auto& one : wrong_)
        if (one.field == name && error.empty()) error = one.text;
    return concejo::field_view({name, std::move(label), value, std::move(hint), std::move(error), optional});
}

void Fields::text(const std::string& name, std::string label, const std::string& value, std::string hint,
                  bool optional) {
    add("text", base(name, std::move(label), value, std::move(hint), optional));
}

void Fields::mail(const std::string& name, std::string label, const std::string& value, std::string hint) {
    auto field = base(name, std::move(label), value, std::move(hint), false);
    field["type"] = "email", field["autocomplete"] = "email", field["maxlength"] = "254";
    add("text", std::move(field));
}

void Fields::area(const std::string& name, std::string label, const std::string& value, std::string hint,
                  bool optional) {
    add("textarea", base(name, std::move(label), value, std::move(hint), optional));
}

void Fields::select(const std::string& name, std::string label, const std::string& value,
                    const std::vector<Option>& options, std::string hint, bool optional,
                    const std::vector<OptionGroup>& groups) {
    auto field = base(name, std::move(label), "", std::move(hint), optional);
    const auto choices = [&](const std::vector<Option>& all) {
        Json list = Json::array();
        for (const auto& one : all)
            list.push_back(
                Json::object({{"value", one.value}, {"label", one.label}, {"selected", one.value == value}}));
        return list;
    };
    field["options"] = choices(options);
    field["groups"] = Json::array();
    for (const auto& one : groups)
        field["groups"].push_back(Json::object({{"label", one.label}, {"options", choices(one.options)}}));
    add("select", std::move(field));
}

void Fields::checks(const std::string& name, std::string label, const std::vector<Option>& options,
                    std::string hint) {
    auto field = base(name, std::move(label), "", std::move(hint), true);
    Json list = Json::array();
    for (const auto& one : options)
        list.push_back(Json::object({{"id", name + "-" + one.value},
                                     {"name", name},
                                     {"value", one.value},
                                     {"label", one.label},
                                     {"selected", one.selected},
                                     {"note", ""}}));
    field["options"] = std::move(list);
    add("checkboxes", std::move(field));
}

void Fields::check(const std::string& name, std::string label, bool checked, std::string hint) {
    auto field = base(name, std::move(label), "si", std::move(hint), false);
    field["selected"] = checked;
    add("checkbox", std::move(field));
}

void Fields::file(const std::string& name, std::string label, std::string hint, bool optional,
                  std::uint64_t most) {
    auto field = base(name, std::move(label), "", std::move(hint), optional);
    field["accept"] = "", field["multiple"] = false, field["max_bytes"] = std::to_string(most),
    field["too_big"] = call_.tr("Ese archivo es demasiado grande."), field["files"] = Json::array();
    add("file", std::move(field));
}

Json Fields::errors() const {
    if (wrong_.empty()) return {};
    Json items = Json::array();
    for (const auto& one : wrong_) items.push_back(Json::object({{"field", one.field}, {"text", one.text}}));
    return Json::object({{"heading", call_.tr("Hay algo que corregir")}, {"items", items}});
}

}  // namespace open_data
