// Authentic copies: Ley 39/2015 art. 27, RD 203/2021 art. 47, NTI de procedimientos de copiado auténtico.
// Each is a new document, sealed and logged like any other, that says what it is a copy of.
#pragma once

#include "seal.hpp"

#include <concejo/result.hpp>

namespace evidence {

constexpr const char* may_copy = "evidence.copias";

struct CopyRequest {
    std::string estado;         ///< "EE02" change of format, "EE03" of a paper, "EE04" partial
    std::optional<Csv> origen;  ///< of EE02 and EE04
    std::string scan;           ///< of EE03: the path of a PDF
    std::string
        titulo;  ///< of EE03; of EE04 where the original's tells what was taken out; else the original's
    std::string tipo_documental = "TD99";  ///< of EE03; the original's otherwise
    std::string referencia;                ///< of EE03: its expediente
    bool de_ciudadano = false;             ///< EE03: who made the paper
    std::string paginas,
        areas;           ///< of EE04: "1,3-5", none: all; "2:20,35,100,12", in millimetres, a line each
    std::string textos;  ///< of EE04: taken out wherever they are, a line each; kept nowhere
    int seconds = 30;    ///< that making it may take
};

/// Of one that was issued, for lists.
struct CopiaAutentica {
    std::int64_t numero = 0;
    Csv csv;
    std::optional<Csv> origen;
    std::string estado, titulo, paginas;
    std::int64_t expedida_en = 0;
};

class Copies {
public:
    explicit Copies(concejo::Transaction& tx) : tx_(tx) {}
    /// The newest first, those before `before` (0: all).
    std::vector<CopiaAutentica> page(std::int64_t before, int most);
    void insert(const Csv&, const CopyRequest&, const std::string& statement, std::string_view secret);

private:
    concejo::Transaction& tx_;
};

constexpr std::uint64_t largest_original = 32ull << 20;  ///< what the child answers is base64 within a limit
/// A document that copies can be made of; why there is none, as a msgid.
concejo::Result<Documento, const char*> original_of_copies(concejo::Transaction&, const Csv&);
/// Why the child made no copy, by its code: a msgid.
const char* why_no_copy(std::string_view refused);

/// Makes the copy in a child process, then seals it and records it in one transaction of its own. What cannot
/// be copied is told as a msgid. Throws Error{invalid} without the municipality's DIR3 code.
class IssueCopy {
public:
    explicit IssueCopy(const concejo::Call& call) : call_(call) {}
    concejo::Result<Documento, const char*> operator()(const CopyRequest&);

private:
    struct Draft;
    concejo::Json make(const CopyRequest&, Draft&);
    Documento seal(const CopyRequest&, const Draft&, const std::string& pdf, const concejo::Json& made);
    std::string organo() const;

    const concejo::Call& call_;
};

/// "Copia electrónica parcial auténtica": the msgid, as the NTI names it; null for what is no copy.
const char* condition_of(const Documento&);
/// What a reader of a copy is told of it (art. 27.3): labels and texts in the call's language.
std::vector<std::pair<std::string, std::string>> about_copy(const concejo::Call&, const Documento&);

}  // namespace evidence
