#include "kernel/db/rows_impl.hpp"

#include "kernel/base/encoding.hpp"

#include <concejo/error.hpp>

#include <charconv>

namespace kernel::db {
namespace {

[[noreturn]] void wrong(const std::string& what) { throw concejo::Error(concejo::ErrorKind::internal, what); }

std::string_view cell(const std::shared_ptr<const Rows::Impl>& impl, std::size_t row, std::size_t column) {
    const std::size_t columns = impl ? impl->columns.size() : 0;
    if (column >= columns || row * columns + column >= impl->cells.size())
        wrong("no hay fila " + std::to_string(row) + " o columna " + std::to_string(column) +
              " en el resultado");
    return impl->cells[row * columns + column];
}

}  // namespace

std::size_t Rows::rows() const noexcept { return impl_ ? impl_->rows : 0; }
std::size_t Rows::columns() const noexcept { return impl_ ? impl_->columns.size() : 0; }
std::uint64_t Rows::affected() const noexcept { return impl_ ? impl_->affected : 0; }

std::string_view Rows::name(std::size_t column) const {
    if (column >= columns()) wrong("no hay columna " + std::to_string(column) + " en el resultado");
    return impl_->columns[column].name;
}

unsigned Rows::type(std::size_t column) const {
    if (column >= columns()) wrong("no hay columna " + std::to_string(column) + " en el resultado");
    return impl_->columns[column].type;
}

std::size_t Rows::column(std::string_view wanted) const {
    for (std::size_t i = 0; i < columns(); ++i) {
        if (name(i) == wanted) return i;
    }
    wrong("no hay columna '" + std::string(wanted) + "' en el resultado");
}

std::optional<std::string_view> Rows::view(std::size_t row, std::size_t column) const {
    const auto found = cell(impl_, row, column);
    return found.data() ? std::optional(found) : std::nullopt;
}

std::optional<std::string> Rows::optional(std::size_t row, std::size_t column) const {
    const auto found = view(row, column);
    return found ? std::optional(std::string(*found)) : std::nullopt;
}

std::int64_t Rows::integer(std::size_t row, std::size_t column) const {
    const auto digits = value(row, column);
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc{} || end != digits.data() + digits.size() || digits.empty())
        wrong("la columna '" + std::string(name(column)) + "' no es un número entero");
    return number;
}

bool Rows::boolean(std::size_t row, std::size_t column) const {
    const auto text = value(row, column);
    if (text != "t" && text != "f") wrong("la columna '" + std::string(name(column)) + "' no es un booleano");
    return text == "t";
}

std::string Rows::bytes(std::size_t row, std::size_t column) const {
    const auto text = value(row, column);
    const auto decoded = text.substr(0, 2) == "\\x" ? base::unhex(text.substr(2)) : std::nullopt;
    if (!decoded) wrong("la columna '" + std::string(name(column)) + "' no es bytea");
    return *decoded;
}

}  // namespace kernel::db
