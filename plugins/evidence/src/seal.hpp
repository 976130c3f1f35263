// The use cases: what is sealed, when its exposure begins, when it ends. Each is a part of the caller's
// transaction.
#pragma once

#include "documents.hpp"
#include "publication_log.hpp"

namespace evidence {

struct Peticion {
    std::string documento, sha256, nombre, titulo, idioma, direccion;
    concejo::Json metadatos = concejo::Json::object();
    bool publicado = true;
    std::string
        ruta;  ///< of the file, without language: what the availability control asks for; empty: nothing
    std::optional<std::int64_t> hasta;  ///< end of its exposure, where it is known; Unix seconds
    std::optional<Csv> csv;             ///< where the document carries its code already
};

class Seal {
public:
    Seal(const concejo::Call& call, concejo::Transaction& tx) : call_(call), tx_(tx) {}

    /// Errors as concejo/services/evidence.hpp says; invalid for a name or a sha256 that is none.
    Documento operator()(const Peticion&);
    /// Both throw Error{not_found} for an unknown code, and do nothing where it has been told already.
    void publish(const Csv&);
    void withdraw(const Csv&);

private:
    Documento need(const Csv&);
    void tell(LogWriter&, const Documento&, log::What);
    log::Leaf leaf_about(const std::string& documento, log::What) const;
    void expose(const Csv&, std::int64_t when);

    const concejo::Call& call_;
    concejo::Transaction& tx_;
};

/// Seals what the module itself has written: stored and kept as a document of its own. `asked.sha256` is
/// filled in.
Documento seal_bytes(const concejo::Call&, concejo::Transaction&, Peticion asked, std::string_view bytes,
                     std::string_view media_type);

/// A job asks for the timestamps that are missing, a little later: those of several publications together.
void ask_for_dates(const concejo::Call&, concejo::Transaction&);

/// RFC 3339 in UTC of Unix seconds.
std::string utc(std::int64_t seconds);

}  // namespace evidence
