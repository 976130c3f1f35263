// SQL in the municipality's own schema: plain statements, no tenant column, parameters only as $1, $2 …
#pragma once

#include <concejo/detail/bridge.hpp>

#include <array>
#include <charconv>
#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace concejo::inline v1 {

/// One parameter of a statement, as text. Converts from text, numbers, booleans, optionals (empty = NULL) and
/// Json.
class Param {
public:
    Param(std::nullopt_t) {}
    Param(std::nullptr_t) {}
    Param(std::string_view value) : text_(value) {}
    Param(const std::string& value) : text_(value) {}
    Param(const char* value) : text_(value) {}
    Param(bool value) : text_(value ? "t" : "f") {}
    Param(const Json& value) : text_(value.dump()) {}
    template <class N>
    requires(std::is_arithmetic_v<N> && !std::is_same_v<N, bool>) Param(N value) {
        char digits[48];
        text_.emplace(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
    }
    template <class T>
    Param(const std::optional<T>& value) {
        if (value) *this = Param(*value);
    }

    concejo_param c() const noexcept {
        return text_ ? concejo_param{detail::c(*text_), 0} : concejo_param{{nullptr, 0}, 1};
    }

private:
    std::optional<std::string> text_;
};

/// A result set. Values are text as PostgreSQL writes them; views stay valid as long as this object.
class Rows {
public:
    Rows(const concejo_db_1* db, concejo_rows* rows) : db_(db), rows_(rows) {}
    Rows(Rows&& other) noexcept : db_(other.db_), rows_(std::exchange(other.rows_, nullptr)) {}
    Rows(const Rows&) = delete;
    Rows& operator=(const Rows&) = delete;
    Rows& operator=(Rows&&) = delete;
    ~Rows() {
        if (rows_) db_->rows_free(rows_);
    }

    class Row {
    public:
        Row(const Rows& rows, std::uint64_t row) : rows_(&rows), row_(row) {}
        bool is_null(std::uint32_t column) const { return !optional(column).has_value(); }
        std::optional<std::string_view> optional(std::uint32_t column) const {
            std::int32_t null = 0;
            const auto value = rows_->db_->rows_value(rows_->rows_, row_, column, &null);
            return null ? std::nullopt : std::optional(detail::cpp(value));
        }
        /// Empty for NULL.
        std::string_view view(std::uint32_t column) const {
            return optional(column).value_or(std::string_view());
        }
        std::string text(std::uint32_t column) const { return std::string(view(column)); }
        bool boolean(std::uint32_t column) const { return view(column) == "t"; }
        /// Throws Error{internal} where the value is no whole number.
        std::int64_t integer(std::uint32_t column) const {
            const auto digits = view(column);
            std::int64_t value = 0;
            const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
            if (error != std::errc{} || end != digits.data() + digits.size())
                throw Error(ErrorKind::internal, "column " + std::to_string(column) + " is no whole number");
            return value;
        }

    private:
        const Rows* rows_;
        std::uint64_t row_;
    };

    class OneRow;

    class Iterator {
    public:
        Iterator(const Rows& rows, std::uint64_t row) : rows_(&rows), row_(row) {}
        Row operator*() const { return {*rows_, row_}; }
        Iterator& operator++() { return ++row_, *this; }
        bool operator!=(const Iterator& other) const { return row_ != other.row_; }

    private:
        const Rows* rows_;
        std::uint64_t row_;
    };

    std::uint64_t size() const { return db_->rows_size(rows_); }
    bool empty() const { return size() == 0; }
    std::uint64_t affected() const { return db_->rows_affected(rows_); }
    std::uint32_t columns() const { return db_->rows_columns(rows_); }
    std::string_view name(std::uint32_t column) const { return detail::cpp(db_->rows_name(rows_, column)); }
    Row operator[](std::uint64_t row) const& { return {*this, row}; }
    /// Of a result that nobody keeps: the row keeps it.
    OneRow operator[](std::uint64_t row) &&;
    Iterator begin() const { return {*this, 0}; }
    Iterator end() const { return {*this, size()}; }

private:
    struct Kept;
    const concejo_db_1* db_;
    concejo_rows* rows_;
};

struct Rows::Kept {
    Rows kept;
};

/// A row with the result that it is of: `const auto row = tx.exec("…")[0];`.
class Rows::OneRow : private Kept, public Row {
public:
    OneRow(Rows&& rows, std::uint64_t row) : Kept{std::move(rows)}, Row(kept, row) {}
    OneRow(const OneRow&) = delete;
    OneRow& operator=(const OneRow&) = delete;
};

inline Rows::OneRow Rows::operator[](std::uint64_t row) && { return {std::move(*this), row}; }

/// Rolled back unless committed. Use it on the thread that began it, before the handler returns.
class Transaction {
public:
    Transaction(const detail::Tables& tables, concejo_tx* tx) : tables_(&tables), tx_(tx) {}
    Transaction(Transaction&& other) noexcept
        : tables_(other.tables_), tx_(std::exchange(other.tx_, nullptr)) {}
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    Transaction& operator=(Transaction&&) = delete;
    ~Transaction() {
        if (tx_) tables_->db->rollback(tx_);
    }

    /// Errors: conflict for a broken unique or foreign key, invalid for bad data, unavailable to try again.
    template <class... Args>
    Rows exec(std::string_view sql, Args&&... args) {
        return exec_list(sql, std::vector<Param>{Param(std::forward<Args>(args))...});
    }
    Rows exec_list(std::string_view sql, const std::vector<Param>& params) {
        std::vector<concejo_param> raw;
        raw.reserve(params.size());
        for (const auto& param : params) raw.push_back(param.c());
        concejo_rows* rows = nullptr;
        tables_->check(tables_->db->exec(tx_, detail::c(sql), raw.data(),
                                         static_cast<std::uint32_t>(raw.size()), &rows));
        return {tables_->db, rows};
    }
    void commit() { tables_->check(tables_->db->commit(std::exchange(tx_, nullptr))); }

    /// COPY … FROM STDIN; `next` gives pieces of the file, an empty one ends it.
    void copy_in(std::string_view sql, std::function<std::string_view()> next) {
        struct Context {
            const detail::Tables* tables;
            std::function<std::string_view()>* next;
        } context{tables_, &next};
        tables_->check(tables_->db->copy_in(
            tx_, detail::c(sql),
            [](void* raw, concejo_str* piece) {
                auto& self = *static_cast<Context*>(raw);
                return detail::guard(self.tables->host, [&] { *piece = detail::c((*self.next)()); });
            },
            &context));
    }
    /// COPY … TO STDOUT, piece by piece.
    void copy_out(std::string_view sql, std::function<void(std::string_view)> take) {
        tables_->check(tables_->db->copy_out(
            tx_, detail::c(sql),
            [](void* raw, concejo_str piece) {
                (*static_cast<std::function<void(std::string_view)>*>(raw))(detail::cpp(piece));
            },
            &take));
    }

    concejo_tx* raw() const noexcept { return tx_; }

private:
    const detail::Tables* tables_;
    concejo_tx* tx_;
};

}  // namespace concejo::inline v1
