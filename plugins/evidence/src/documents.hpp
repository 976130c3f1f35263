// What was sealed, in its table.
#pragma once

#include "csv.hpp"

#include "plugins/evidence/crypto/digest.hpp"

#include <concejo/db.hpp>

#include <cstdint>
#include <vector>

namespace evidence {

struct Documento {
    Csv csv;
    std::string documento;  ///< as its module calls it
    std::string sha256;     ///< hexadecimal: of the blob
    std::uint64_t bytes = 0;
    std::string tipo_medio, nombre, titulo, idioma;
    std::string direccion;  ///< path of its page without language; may be empty
    concejo::Json metadatos = concejo::Json::object();
    std::string sal;                   ///< 32 bytes; empty once erased
    std::uint64_t hoja = 0;            ///< its publication or seal
    std::int64_t sellado_en = 0;       ///< Unix seconds
    std::string firma;                 ///< CAdES detached, DER
    std::optional<std::string> sello;  ///< TimeStampToken over the signature
    std::string autoridad;             ///< who gave it
    std::optional<std::int64_t> retirado_en;
    std::vector<std::uint64_t> menciones;  ///< later leaves, oldest first
};

class Documents {
public:
    explicit Documents(concejo::Transaction& tx) : tx_(tx) {}

    void insert(const Documento&);
    void mention(const Csv&, std::uint64_t leaf);
    void withdrawn(const Csv&, std::int64_t when);

    std::optional<Documento> find(const Csv&);
    std::optional<Documento> find_by_name(std::string_view documento);
    /// Those with that content, newest first; at most ten.
    std::vector<Documento> find_by_content(std::string_view sha256);
    /// Those whose module's name begins so, newest first; at most a hundred.
    std::vector<Documento> find_by_prefix(std::string_view documento);

    /// Signatures without a timestamp, oldest first: {csv, signature}.
    std::vector<std::pair<std::string, std::string>> undated(int most);
    /// The newest signature that each authority dated, its timestamp inside.
    std::vector<std::string> newest_of_each_authority();
    void date(std::string_view csv, std::string_view token, std::string_view authority);

private:
    std::vector<Documento> read(std::string_view which, const std::vector<concejo::Param>&);
    concejo::Transaction& tx_;
};

}  // namespace evidence
