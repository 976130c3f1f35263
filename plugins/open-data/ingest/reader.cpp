#include "plugins/open-data/ingest/reader.hpp"

#include "plugins/open-data/ingest/encoding.hpp"
#include "plugins/open-data/ingest/evidence.hpp"
#include "plugins/open-data/ingest/moment.hpp"
#include "plugins/open-data/ingest/number.hpp"

#include <concejo/text.hpp>

namespace open_data::ingest {
namespace {

using concejo::Json;
using concejo::N_;

const char* misfit_text(Type type) {
    switch (type) {
        case Type::integer:
            return N_("columna «{columna}»: «{valor}» no es un número entero");
        case Type::numeric:
            return N_("columna «{columna}»: «{valor}» no es un número");
        case Type::boolean:
            return N_("columna «{columna}»: «{valor}» no es ni sí ni no");
        case Type::date:
            return N_("columna «{columna}»: «{valor}» no es una fecha que exista");
        case Type::time:
            return N_("columna «{columna}»: «{valor}» no es una hora");
        case Type::timestamp:
            return N_("columna «{columna}»: «{valor}» no es una fecha con hora que exista");
        case Type::text:
            break;
    }
    return nullptr;
}

/// The beginning of a value, whole characters.
std::string shortened(std::string_view value) {
    constexpr std::size_t most = 80;
    if (value.size() <= most) return std::string(value);
    std::size_t cut = most;
    while (cut && (static_cast<unsigned char>(value[cut]) & 0xC0U) == 0x80U) --cut;
    return std::string(value.substr(0, cut)) + "…";
}

bool to_integer(std::string_view cell, const Column& column, Value& value) {
    NumberShape shape;
    if (!scan_number(cell, shape) || !number_reads(shape, column.decimal) || !is_whole(shape, column.decimal))
        return false;
    value.integer = whole_value(shape);
    return true;
}

bool to_numeric(std::string_view cell, const Column& column, char* out, Value& value) {
    NumberShape shape;
    if (!scan_number(cell, shape) || !number_reads(shape, column.decimal)) return false;
    const char* end = write_number(shape, column.decimal, out);
    value.text = {out, static_cast<std::size_t>(end - out)};
    return true;
}

bool to_moment(std::string_view cell, const Column& column, Value& value) {
    MomentShape shape;
    if (!scan_moment(cell, shape)) return false;
    if (column.type == Type::time) {
        value.integer = shape.micros;
        return !shape.date;
    }
    if (!shape.date || !(column.order == DateOrder::mdy ? shape.mdy : shape.dmy)) return false;
    if (column.type == Type::date) {
        value.integer = days_of(shape, column.order);
        return !shape.time;
    }
    value.integer = stamp_of(shape, column.order);
    // Times in zones and times without are not comparable.
    return shape.zoned == (column.note == "UTC");
}

bool to_value(std::string_view cell, const Column& column, char* out, Value& value) {
    switch (column.type) {
        case Type::text:
            value.text = cell;
            return true;
        case Type::integer:
            return to_integer(cell, column, value);
        case Type::numeric:
            return to_numeric(cell, column, out, value);
        case Type::boolean: {
            const int said = boolean_value(cell);
            value.boolean = said == 1;
            return said >= 0;
        }
        default:
            return to_moment(cell, column, value);
    }
}

}  // namespace

Json to_json(const Report& report, const Recipe& recipe) {
    auto json = Json::object({{"encoding", recipe.encoding}, {"delimiter", Json()}, {"header_line", Json()}});
    if (recipe.delimiter) json["delimiter"] = std::string(1, recipe.delimiter);
    if (recipe.header_line) json["header_line"] = recipe.header_line;
    json["columns"] = Json::array();
    for (const auto& column : recipe.columns)
        if (!column.skip)
            json["columns"].push_back(Json::object({{"name", column.name}, {"type", name(column.type)}}));
    json["rows_read"] = report.read;
    json["rows_accepted"] = report.accepted;
    json["rows_rejected"] = report.rejected;
    json["rejects"] = Json::array();
    for (const auto& reject : report.rejects)
        json["rejects"].push_back(Json::object({{"line", reject.line}, {"reason", reject.text()}}));
    return json;
}

Reader::Reader(const Source& source, Recipe recipe, Guess* guess)
    : recipe_(std::move(recipe)), table_(source, recipe_), guess_(guess) {
    for (std::size_t i = 0; i < recipe_.columns.size(); ++i) {
        if (!recipe_.columns[i].skip) targets_.push_back({&recipe_.columns[i], i, {}});
    }
    values_.resize(targets_.size());
    for (std::size_t i = 0; i < targets_.size(); ++i) values_[i].type = targets_[i].column->type;
}

void Reader::reject(Reject reject) {
    ++report_.rejected;
    if (report_.rejects.size() < most_rejects) report_.rejects.push_back(std::move(reject));
}

bool Reader::convert(const TableRow& row) {
    for (std::size_t i = 0; i < targets_.size(); ++i) {
        Target& target = targets_[i];
        Value& value = values_[i];
        const auto cell = row.cells[target.cell];
        value.null = is_null(cell);
        if (value.null || to_value(cell, *target.column, target.number.data(), value)) continue;
        reject({row.line,
                misfit_text(value.type),
                {{"columna", target.column->name}, {"valor", shortened(cell)}}});
        return false;
    }
    return true;
}

bool Reader::next(std::span<const Value>& values) {
    TableRow row;
    while (table_.next(row)) {
        ++report_.read;
        if (guess_ && !guess_->add(row.cells)) return false;
        if (row.rejected) {
            reject(table_.reject());
        } else if (convert(row)) {
            ++report_.accepted;
            line_ = row.line;
            values = values_;
            return true;
        } else if (guess_ && !guess_->holds()) {  // a cell that does not fit
            return false;
        }
    }
    return false;
}

}  // namespace open_data::ingest
