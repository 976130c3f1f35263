#include "documents.hpp"

#include "sdk.hpp"

#include "plugins/evidence/crypto/encoding.hpp"

#include <concejo/error.hpp>

namespace evidence {
namespace {

std::string bytes_in(const concejo::Rows::Row& row, std::uint32_t column) {
    return crypto::unhex(row.view(column)).value_or("");
}

}  // namespace

void Documents::insert(const Documento& d) {
    tx_.exec(
        "INSERT INTO evidence_documento (csv, documento, sha256, bytes, tipo_medio, nombre, titulo, idioma, "
        "direccion, metadatos, sal, hoja, sellado_en, firma) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, decode($11, 'hex'), $12, to_timestamp($13), "
        "decode($14, 'hex'))",
        d.csv.text(), d.documento, d.sha256, d.bytes, d.tipo_medio, d.nombre, d.titulo, d.idioma, d.direccion,
        d.metadatos, crypto::hex(d.sal), d.hoja, d.sellado_en, crypto::hex(d.firma));
}

void Documents::mention(const Csv& csv, std::uint64_t leaf) {
    tx_.exec("INSERT INTO evidence_mencion (hoja, csv) VALUES ($1, $2)", leaf, csv.text());
}

void Documents::withdrawn(const Csv& csv, std::int64_t when) {
    tx_.exec("UPDATE evidence_documento SET retirado_en = to_timestamp($2) WHERE csv = $1", csv.text(), when);
}

std::vector<Documento> Documents::read(std::string_view which, const std::vector<Param>& params) {
    const auto rows = tx_.exec_list(
        "SELECT csv, documento, sha256, bytes, tipo_medio, nombre, titulo, idioma, direccion, metadatos, "
        "encode(sal, 'hex'), hoja, extract(epoch FROM sellado_en)::bigint, encode(firma, 'hex'), "
        "encode(sello, 'hex'), autoridad, extract(epoch FROM retirado_en)::bigint, "
        "(SELECT string_agg(m.hoja::text, ' ' ORDER BY m.hoja) FROM evidence_mencion m WHERE m.csv = d.csv) "
        "FROM evidence_documento d " +
            std::string(which),
        params);
    std::vector<Documento> all;
    for (const auto& row : rows) {
        auto csv = Csv::parse(row.view(0));
        if (!csv)
            throw concejo::Error(concejo::ErrorKind::internal,
                                 "evidence: un código guardado no es un código");
        Documento d{std::move(*csv),
                    row.text(1),
                    row.text(2),
                    static_cast<std::uint64_t>(row.integer(3)),
                    row.text(4),
                    row.text(5),
                    row.text(6),
                    row.text(7),
                    row.text(8),
                    concejo::Json::parse(row.view(9)),
                    bytes_in(row, 10),
                    static_cast<std::uint64_t>(row.integer(11)),
                    row.integer(12),
                    bytes_in(row, 13),
                    {},
                    row.text(15),
                    {},
                    {}};
        if (!row.is_null(14)) d.sello = bytes_in(row, 14);
        if (!row.is_null(16)) d.retirado_en = row.integer(16);
        std::uint64_t leaf = 0;
        for (const char c : row.text(17) + (row.is_null(17) ? "" : " ")) {
            if (c != ' ')
                leaf = leaf * 10 + static_cast<std::uint64_t>(c - '0');
            else
                d.menciones.push_back(std::exchange(leaf, 0));
        }
        all.push_back(std::move(d));
    }
    return all;
}

std::optional<Documento> Documents::find(const Csv& csv) {
    auto all = read("WHERE csv = $1", {Param(csv.text())});
    return all.empty() ? std::nullopt : std::optional(std::move(all.front()));
}

std::optional<Documento> Documents::find_by_name(std::string_view documento) {
    auto all = read("WHERE documento = $1", {Param(documento)});
    return all.empty() ? std::nullopt : std::optional(std::move(all.front()));
}

std::vector<Documento> Documents::find_by_content(std::string_view sha256) {
    return read("WHERE sha256 = $1 ORDER BY hoja DESC LIMIT 10", {Param(sha256)});
}

std::vector<Documento> Documents::find_by_prefix(std::string_view documento) {
    return read("WHERE starts_with(documento, $1) ORDER BY hoja DESC LIMIT 100", {Param(documento)});
}

std::vector<std::pair<std::string, std::string>> Documents::undated(int most) {
    std::vector<std::pair<std::string, std::string>> all;
    for (const auto& row : tx_.exec("SELECT csv, encode(firma, 'hex') FROM evidence_documento WHERE sello IS "
                                    "NULL ORDER BY sellado_en LIMIT $1",
                                    most))
        all.emplace_back(row.text(0), bytes_in(row, 1));
    return all;
}

std::vector<std::string> Documents::newest_of_each_authority() {
    std::vector<std::string> all;
    for (const auto& row : tx_.exec("SELECT DISTINCT ON (autoridad) encode(firma, 'hex'), encode(sello, "
                                    "'hex') FROM evidence_documento "
                                    "WHERE sello IS NOT NULL ORDER BY autoridad, sellado_en DESC"))
        all.push_back(signature::with_timestamp(bytes_in(row, 0), bytes_in(row, 1)));
    return all;
}

void Documents::date(std::string_view csv, std::string_view token, std::string_view authority) {
    tx_.exec(
        "UPDATE evidence_documento SET sello = decode($2, 'hex'), autoridad = $3 WHERE csv = $1 AND sello IS "
        "NULL",
        csv, crypto::hex(token), authority);
}

}  // namespace evidence
