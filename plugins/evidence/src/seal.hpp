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
    void ask_for_dates();

    const concejo::Call& call_;
    concejo::Transaction& tx_;
};

/// RFC 3339 in UTC of Unix seconds.
std::string utc(std::int64_t seconds);

}  // namespace evidence
