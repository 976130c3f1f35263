// PostgreSQL's client library, opened when a test asks for a database: who has none can still build every
// test.
#pragma once

#include <concejo/error.hpp>

#include <dlfcn.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace concejo::inline v1::testing {

/// The functions of libpq.so.5 that are used here, as its manual declares them; handles stay opaque.
struct Libpq {
    void* (*connect)(const char*);
    int (*status)(const void*);
    char* (*error_message)(const void*);
    void (*finish)(void*);
    void* (*exec)(void*, const char*);
    void* (*exec_params)(void*, const char*, int, const unsigned*, const char* const*, const int*, const int*,
                         int);
    int (*result_status)(const void*);
    char* (*result_field)(const void*, int);
    int (*tuples)(const void*);
    int (*fields)(const void*);
    char* (*name)(const void*, int);
    char* (*value)(const void*, int, int);
    int (*length)(const void*, int, int);
    int (*is_null)(const void*, int, int);
    char* (*affected)(void*);
    char* (*tag)(void*);
    void (*clear)(void*);
    int (*put_copy_data)(void*, const char*, int);
    int (*put_copy_end)(void*, const char*);
    int (*get_copy_data)(void*, char**, int);
    void* (*get_result)(void*);
    void (*free)(void*);

    /// Throws Error{unavailable} saying what to install.
    static const Libpq& get() {
        static const Libpq one = open();
        return one;
    }

private:
    static Libpq open() {
        void* library = ::dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);
        if (!library)
            throw Error(ErrorKind::unavailable,
                        "falta libpq, el cliente de PostgreSQL: apt-get install libpq5");
        Libpq pq{};
        const auto find = [&](auto& function, const char* symbol) {
            function =
                reinterpret_cast<std::remove_reference_t<decltype(function)>>(::dlsym(library, symbol));
            if (!function) throw Error(ErrorKind::unavailable, std::string("libpq.so.5 no tiene ") + symbol);
        };
        find(pq.connect, "PQconnectdb");
        find(pq.status, "PQstatus");
        find(pq.error_message, "PQerrorMessage");
        find(pq.finish, "PQfinish");
        find(pq.exec, "PQexec");
        find(pq.exec_params, "PQexecParams");
        find(pq.result_status, "PQresultStatus");
        find(pq.result_field, "PQresultErrorField");
        find(pq.tuples, "PQntuples");
        find(pq.fields, "PQnfields");
        find(pq.name, "PQfname");
        find(pq.value, "PQgetvalue");
        find(pq.length, "PQgetlength");
        find(pq.is_null, "PQgetisnull");
        find(pq.affected, "PQcmdTuples");
        find(pq.tag, "PQcmdStatus");
        find(pq.clear, "PQclear");
        find(pq.put_copy_data, "PQputCopyData");
        find(pq.put_copy_end, "PQputCopyEnd");
        find(pq.get_copy_data, "PQgetCopyData");
        find(pq.get_result, "PQgetResult");
        find(pq.free, "PQfreemem");
        return pq;
    }
};

struct Table {
    std::vector<std::string> names;
    std::vector<std::vector<std::optional<std::string>>> rows;
    std::uint64_t affected = 0;
    std::string tag;  ///< "COMMIT", "ROLLBACK", "SELECT 3" …
};

class Connection {
public:
    explicit Connection(const std::string& dsn) : pq_(Libpq::get()), raw_(pq_.connect(dsn.c_str())) {
        if (pq_.status(raw_) == 0) return;
        const std::string why = pq_.error_message(raw_);
        pq_.finish(raw_);
        throw Error(ErrorKind::unavailable, "PostgreSQL: " + why);
    }
    ~Connection() { pq_.finish(raw_); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// One statement or several, without parameters; answers the tag of the last one.
    std::string script(const std::string& sql) { return take(pq_.exec(raw_, sql.c_str())).tag; }
    /// One statement; values as text, nothing for NULL.
    Table exec(const std::string& sql, const std::vector<std::optional<std::string>>& values = {}) {
        std::vector<const char*> raw;
        for (const auto& value : values) raw.push_back(value ? value->c_str() : nullptr);
        return take(pq_.exec_params(raw_, sql.c_str(), static_cast<int>(raw.size()), nullptr, raw.data(),
                                    nullptr, nullptr, 0));
    }
    /// COPY … FROM STDIN; an empty piece ends it.
    void copy_in(const std::string& sql, const std::function<std::string_view()>& next) {
        (void)take(pq_.exec(raw_, sql.c_str()));
        try {
            for (auto piece = next(); !piece.empty(); piece = next())
                pq_.put_copy_data(raw_, piece.data(), static_cast<int>(piece.size()));
        } catch (...) {
            pq_.put_copy_end(raw_, "abandonado");
            while (void* result = pq_.get_result(raw_)) pq_.clear(result);
            throw;
        }
        pq_.put_copy_end(raw_, nullptr);
        drain();
    }
    /// COPY … TO STDOUT.
    void copy_out(const std::string& sql, const std::function<void(std::string_view)>& give) {
        (void)take(pq_.exec(raw_, sql.c_str()));
        char* piece = nullptr;
        for (int size = 0; (size = pq_.get_copy_data(raw_, &piece, 0)) > 0; pq_.free(piece))
            give(std::string_view(piece, static_cast<std::size_t>(size)));
        drain();
    }

private:
    void drain() {
        std::optional<Error> failed;
        while (void* result = pq_.get_result(raw_)) {
            try {
                (void)take(result);
            } catch (const Error& error) {
                failed = error;
            }
        }
        if (failed) throw Error(*failed);
    }

    /// Frees the result. Throws the kinds that the kernel gives (docs/guia-complementos.md, 5).
    Table take(void* result) {
        const int status = pq_.result_status(result);
        if (status == 5 || status == 6 || status == 7) {
            const char* state = pq_.result_field(result, 'C');
            const std::string code = state ? state : "", text = pq_.error_message(raw_);
            pq_.clear(result);
            throw Error(kind_of(code), "base de datos: " + text + " [" + code + "]");
        }
        Table table;
        const int columns = pq_.fields(result);
        for (int c = 0; c < columns; ++c) table.names.emplace_back(pq_.name(result, c));
        for (int r = 0; r < pq_.tuples(result); ++r) {
            auto& row = table.rows.emplace_back();
            for (int c = 0; c < columns; ++c) {
                if (pq_.is_null(result, r, c))
                    row.emplace_back(std::nullopt);
                else
                    row.emplace_back(std::string(pq_.value(result, r, c),
                                                 static_cast<std::size_t>(pq_.length(result, r, c))));
            }
        }
        const std::string count = pq_.affected(result);
        if (!count.empty()) table.affected = std::stoull(count);
        table.tag = pq_.tag(result);
        pq_.clear(result);
        return table;
    }

    static ErrorKind kind_of(std::string_view state) {
        if (state == "23502" || state == "23514") return ErrorKind::invalid;
        if (state == "P0002") return ErrorKind::not_found;
        if (state == "42501") return ErrorKind::forbidden;
        if (state == "55P03" || state == "25P03" || state == "25006") return ErrorKind::unavailable;
        const auto group = state.substr(0, 2);
        if (group == "23" || group == "55") return ErrorKind::conflict;
        if (group == "22" || group == "21" || group == "54" || group == "0A" || group == "P0")
            return ErrorKind::invalid;
        if (group == "44" || group == "28") return ErrorKind::forbidden;
        if (state.empty() || group == "40" || group == "57" || group == "08" || group == "53" ||
            group == "58")
            return ErrorKind::unavailable;
        return ErrorKind::internal;
    }

    const Libpq& pq_;
    void* raw_;
};

}  // namespace concejo::inline v1::testing
