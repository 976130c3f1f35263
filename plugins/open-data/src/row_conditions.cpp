#include "row_conditions.hpp"

#include "fields.hpp"
#include "plugins/open-data/ingest/moment.hpp"
#include "plugins/open-data/ingest/number.hpp"
#include "sql_names.hpp"

#include <algorithm>
#include <chrono>

namespace open_data {
namespace {

using concejo::Call;
using concejo::Param;

/// "1.234,5" or "1234.5" → "1234.5"; a comma alone is decimal, as the reader's language has it.
std::optional<std::string> number_asked(std::string_view text, bool english) {
    ingest::NumberShape shape;
    if (!ingest::scan_number(text, shape)) return std::nullopt;
    for (const char decimal : {english ? '.' : ',', english ? ',' : '.'})
        if (ingest::number_reads(shape, decimal)) {
            char written[ingest::max_number];
            return std::string(written, ingest::write_number(shape, decimal, written));
        }
    return std::nullopt;
}

std::optional<std::string> day_asked(std::string_view text) {
    ingest::MomentShape shape;
    if (!ingest::scan_moment(text, shape) || !shape.date || !shape.dmy) return std::nullopt;
    const std::chrono::sys_days day = std::chrono::sys_days(std::chrono::year(2000) / 1 / 1) +
                                      std::chrono::days(ingest::days_of(shape, ingest::DateOrder::dmy));
    const std::chrono::year_month_day date(day);
    char written[16];
    std::snprintf(written, sizeof written, "%04d-%02u-%02u", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    return std::string(written);
}

std::optional<std::string> truth_asked(const Call& call, const std::string& text) {
    for (const auto& yes :
         {call.tr("sí"), std::string("si"), std::string("t"), std::string("true"), std::string("1")})
        if (text == yes) return "t";
    for (const auto& no :
         {call.tr("no"), std::string("no"), std::string("f"), std::string("false"), std::string("0")})
        if (text == no) return "f";
    return std::nullopt;
}

bool needs_value(const std::string& kind) { return kind != "vacio" && kind != "lleno"; }

/// As PostgreSQL reads it; nothing where the column cannot hold such a value.
std::optional<std::string> typed_value(const Call& call, const Field& field, const RowCondition& condition,
                                       std::string_view language) {
    if (!needs_value(condition.kind) || condition.kind == "contiene") return condition.value;
    if (field.type == "integer" || field.type == "numeric")
        return number_asked(condition.value, language == "en");
    if (field.type == "date" || field.type == "timestamp") return day_asked(condition.value);
    if (field.type == "boolean") return truth_asked(call, condition.value);
    return condition.value;
}

std::string condition_sql(const Field& field, const std::string& kind, const std::string& place) {
    const auto name = identifier(field.name);
    if (kind == "vacio") return name + " IS NULL";
    if (kind == "lleno") return name + " IS NOT NULL";
    if (kind == "contiene")
        return "position(ext.fold(" + place + "::text) IN ext.fold(" + name + "::text)) > 0";
    const char* comparison = kind == "desde" ? " >= " : kind == "hasta" ? " <= " : " = ";
    if (field.type == "integer" || field.type == "numeric")
        return name + "::numeric" + comparison + place + "::numeric";
    if (field.type == "date" || field.type == "timestamp")
        return name + "::date" + comparison + place + "::date";
    if (field.type == "boolean") return name + comparison + place + "::boolean";
    return "ext.fold(" + name + "::text)" + comparison + "ext.fold(" + place + "::text)";
}

std::vector<std::string> words_of(const std::string& text, std::size_t most) {
    std::vector<std::string> all;
    std::size_t from = 0;
    while (from < text.size() && all.size() < most) {
        const auto to = std::min(text.find(' ', from), text.size());
        if (to > from) all.push_back(text.substr(from, to - from));
        from = to + 1;
    }
    return all;
}

}  // namespace

const std::vector<std::pair<std::string, const char*>>& condition_kinds() {
    static const std::vector<std::pair<std::string, const char*>> all{
        {"contiene", N_("contiene")}, {"es", N_("es igual a")},    {"desde", N_("desde")},
        {"hasta", N_("hasta")},       {"vacio", N_("está vacío")}, {"lleno", N_("tiene valor")}};
    return all;
}

RowConditions::RowConditions(const concejo::Request& request, std::vector<Field> fields)
    : fields_(std::move(fields)), language_(request.language) {
    words_ = clean_line(request.query("q").value_or(""), longest);
    for (std::uint32_t n = 0; n < 2 * most_conditions; ++n) {
        const auto column = request.query("columna", n);
        if (!column) break;
        RowCondition one{*column, request.query("condicion", n).value_or("contiene"),
                         clean_line(request.query("valor", n).value_or(""), longest)};
        if (column->empty() || (needs_value(one.kind) && one.value.empty()))
            continue;  // the form's own line, left as it was
        if (all_.size() == most_conditions) {
            problems_.push_back(concejo::fill(
                request.tr("Caben {n} condiciones a la vez: las demás no se han tenido en cuenta."),
                {{"n", std::to_string(most_conditions)}}));
            break;
        }
        take(request, std::move(one));
    }
}

RowConditions::RowConditions(const Json& told, std::vector<Field> fields)
    : fields_(std::move(fields)), words_(told.string_or("words", "")) {
    const auto& conditions = told["conditions"];
    if (!conditions.is_array()) return;
    for (const auto& one : conditions.as_array()) {
        RowCondition condition{one.string_or("column", ""), one.string_or("kind", ""),
                               one.string_or("value", "")};
        if (!field_of(condition.column)) continue;  // the column went meanwhile
        values_.push_back(condition.value), all_.push_back(std::move(condition));
    }
}

Json RowConditions::told() const {
    Json list = Json::array();
    for (std::size_t i = 0; i < all_.size(); ++i)
        list.push_back(
            Json::object({{"column", all_[i].column}, {"kind", all_[i].kind}, {"value", values_[i]}}));
    return Json::object({{"words", words_}, {"conditions", std::move(list)}});
}

const Field* RowConditions::field_of(std::string_view column) const {
    const auto found =
        std::find_if(fields_.begin(), fields_.end(), [&](const auto& one) { return one.name == column; });
    return found == fields_.end() ? nullptr : &*found;
}

void RowConditions::take(const Call& call, RowCondition one) {
    const auto* field = field_of(one.column);
    const auto& kinds = condition_kinds();
    const bool known =
        std::any_of(kinds.begin(), kinds.end(), [&](const auto& kind) { return kind.first == one.kind; });
    if (!field || !known) {
        problems_.push_back(
            concejo::fill(call.tr("No hay ninguna columna o condición «{nombre}»: elíjala de la lista."),
                          {{"nombre", cut(field ? one.kind : one.column, longest)}}));
        return;
    }
    auto value = typed_value(call, *field, one, language_);
    if (!value) {
        const char* what = field->type == "boolean"
                               ? N_("«{valor}» no es sí ni no, que es lo que hay en «{columna}».")
                           : is_number(*field) ? N_("«{valor}» no es un número, que es lo que hay en "
                                                    "«{columna}»: escriba, por ejemplo, 1234,5.")
                                               : N_("«{valor}» no es una fecha, que es lo que hay en "
                                                    "«{columna}»: escriba, por ejemplo, 31/12/2026.");
        problems_.push_back(concejo::fill(call.tr(what), {{"valor", one.value}, {"columna", one.column}}));
        return;
    }
    all_.push_back(std::move(one)), values_.push_back(std::move(*value));
}

std::string RowConditions::where(std::vector<Param>& params, bool cheaply) const {
    const auto place = [&](const std::string& value) {
        return params.push_back(value), "$" + std::to_string(params.size());
    };
    std::string text = "true", row;
    for (const auto& field : fields_)
        if (!cheaply || field.type == "text") row += ", " + identifier(field.name) + "::text";
    const std::string folded = cheaply ? "lower" : "ext.fold";
    for (const auto& word : words_of(words_, most_words))
        text += " AND position(" + folded + "(" + place(word) + "::text) IN " + folded +
                "(concat_ws(' ', ''" + row + "))) > 0";
    for (std::size_t i = 0; i < all_.size(); ++i)
        text += " AND " + condition_sql(*field_of(all_[i].column), all_[i].kind,
                                        needs_value(all_[i].kind) ? place(values_[i]) : "");
    return text;
}

std::vector<std::pair<std::string, std::string>> RowConditions::query(std::size_t without) const {
    std::vector<std::pair<std::string, std::string>> parts{{"q", words_}};
    for (std::size_t i = 0; i < all_.size(); ++i) {
        if (i == without) continue;
        parts.emplace_back("columna", all_[i].column), parts.emplace_back("condicion", all_[i].kind);
        parts.emplace_back("valor",
                           needs_value(all_[i].kind) ? all_[i].value : "-");  // each condition has its three
    }
    return parts;
}

std::string RowConditions::kind_label(const Call& call, const RowCondition& one) const {
    for (const auto& [kind, label] : condition_kinds())
        if (kind == one.kind) return call.tr(label);
    return one.kind;
}

}  // namespace open_data
