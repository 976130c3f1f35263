// A suggestion, and where suggestions are kept.
#pragma once

#include <concejo/db.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace buzon {

struct Adjunto {
    std::string blob, filename, media_type;
};

struct Sugerencia {
    std::int64_t numero = 0;
    std::string codigo;  ///< twelve hexadecimal digits
    std::string asunto;  ///< a code of `topics`
    std::string texto;
    std::int64_t recibida = 0;  ///< Unix seconds
    std::optional<Adjunto> adjunto;
    std::optional<std::string> respuesta;
    std::int64_t contestada = 0;  ///< Unix seconds; 0 while there is no answer
    bool publicada = false;
};

/// A code as somebody typed it: blanks and hyphens do not count, nor does case.
std::string clean_code(std::string_view typed);

/// All the SQL of the plugin. The schema is the municipality's, so no statement says whose the rows are.
class SugerenciaRepository {
public:
    explicit SugerenciaRepository(concejo::Transaction& tx) : tx_(tx) {}

    /// With its number and code, which the database gives.
    Sugerencia add(const std::string& asunto, const std::string& texto,
                   const std::optional<Adjunto>& adjunto);
    std::optional<Sugerencia> by_number(std::int64_t numero);
    std::optional<Sugerencia> by_code(std::string_view typed);
    /// Oldest first, at most `count` after that number: the page that follows starts where this one ended.
    std::vector<Sugerencia> pending(std::int64_t after, int count);
    std::vector<Sugerencia> published(int count);
    /// Published answers with these words, the best first.
    std::vector<Sugerencia> search(std::string_view words, std::int64_t count);

    /// False where it already has an answer.
    bool answer(std::int64_t numero, const std::string& respuesta, bool publish);
    /// Takes answers older than that from the public page; gives their numbers.
    std::vector<std::int64_t> withdraw_older_than(std::int64_t days);
    /// False where that origin has already been written down.
    bool note(std::int64_t numero, std::string_view paso, std::string_view origen);

    struct Count {
        std::int64_t pending = 0, answered = 0;
    };
    Count count();

private:
    std::vector<Sugerencia> read(const concejo::Rows& rows) const;

    concejo::Transaction& tx_;
};

}  // namespace buzon
