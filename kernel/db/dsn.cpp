#include "kernel/db/dsn.hpp"

#include <concejo/error.hpp>

#include <libpq-fe.h>

#include <memory>

namespace kernel::db {

Dsn Dsn::parse(const std::string& text) {
    char* reason = nullptr;
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
        PQconninfoParse(text.c_str(), &reason), &PQconninfoFree);
    if (!options) {
        std::string why = reason ? reason : "memoria agotada";
        PQfreemem(reason);
        while (!why.empty() && why.back() == '\n') why.pop_back();
        throw concejo::Error(concejo::ErrorKind::invalid,
                             "cadena de conexión a la base de datos incorrecta: " + why);
    }
    Dsn dsn;
    for (const auto* option = options.get(); option->keyword; ++option) {
        if (option->val) dsn.values_.emplace_back(option->keyword, option->val);
    }
    return dsn;
}

std::string Dsn::get(std::string_view key) const {
    for (const auto& [name, value] : values_) {
        if (name == key) return value;
    }
    return {};
}

Dsn& Dsn::set(std::string_view key, std::string_view value) {
    for (auto& [name, old] : values_) {
        if (name == key) return old = value, *this;
    }
    values_.emplace_back(key, value);
    return *this;
}

Dsn& Dsn::set_default(std::string_view key, std::string_view value) {
    return get(key).empty() ? set(key, value) : *this;
}

std::string Dsn::text() const {
    std::string text;
    for (const auto& [name, value] : values_) {
        text += (text.empty() ? "" : " ") + name + "='";
        for (const char c : value) {
            if (c == '\'' || c == '\\') text += '\\';
            text += c;
        }
        text += '\'';
    }
    return text;
}

}  // namespace kernel::db
