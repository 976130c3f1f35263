#include "availability.hpp"
#include "sdk.hpp"

namespace evidence {

void Exposures::announce(const Csv& csv, std::string_view ruta, std::optional<std::int64_t> hasta) {
    tx_.exec(
        "INSERT INTO evidence_expuesto (csv, ruta, hasta) VALUES ($1, $2, to_timestamp($3)) ON CONFLICT DO NOTHING",
        csv.text(), ruta, hasta);
}

void Exposures::begin(const Csv& csv, std::int64_t when) {
    tx_.exec("UPDATE evidence_expuesto SET desde = to_timestamp($2) WHERE csv = $1 AND desde IS NULL",
             csv.text(), when);
}

void Exposures::end(const Csv& csv, std::int64_t when) {
    tx_.exec("UPDATE evidence_expuesto SET hasta = least(hasta, to_timestamp($2)) WHERE csv = $1", csv.text(),
             when);
}

std::vector<Exposicion> Exposures::read(std::string_view which, const std::vector<Param>& params) {
    std::vector<Exposicion> all;
    for (
        const auto& row : tx_.exec_list(
            "SELECT e.csv, d.documento, d.sha256, d.titulo, d.bytes, d.hoja, e.ruta, extract(epoch FROM e.desde)::bigint, extract(epoch FROM e.hasta)::bigint "
            "FROM evidence_expuesto e JOIN evidence_documento d USING (csv) " +
                std::string(which),
            params)) {
        auto csv = Csv::parse(row.view(0));
        if (!csv)
            throw concejo::Error(concejo::ErrorKind::internal,
                                 "evidence: un código guardado no es un código");
        Exposicion one{std::move(*csv),
                       row.text(1),
                       row.text(2),
                       row.text(3),
                       static_cast<std::uint64_t>(row.integer(4)),
                       static_cast<std::uint64_t>(row.integer(5)),
                       row.text(6),
                       {},
                       {}};
        if (!row.is_null(7)) one.desde = row.integer(7);
        if (!row.is_null(8)) one.hasta = row.integer(8);
        all.push_back(std::move(one));
    }
    return all;
}

std::optional<Exposicion> Exposures::find(const Csv& csv) {
    auto all = read("WHERE e.csv = $1", {Param(csv.text())});
    return all.empty() ? std::nullopt : std::optional(std::move(all.front()));
}

std::vector<Exposicion> Exposures::current(std::int64_t now) {
    return read(
        "WHERE e.desde <= to_timestamp($1) AND (e.hasta IS NULL OR e.hasta > to_timestamp($1)) ORDER BY e.csv",
        {Param(now)});
}

std::vector<Exposicion> Exposures::page(int first, int most) {
    return read("WHERE e.desde IS NOT NULL ORDER BY e.desde DESC, e.csv OFFSET $1 LIMIT $2",
                {Param(first), Param(most)});
}

concejo::Json to_look_at(const concejo::Call& call, const Exposicion& one) {
    return concejo::Json::object({{"csv", one.csv.text()},
                                  {"url", call.url(one.ruta, true)},
                                  {"sha256", one.sha256},
                                  {"bytes", static_cast<std::int64_t>(one.bytes)}});
}

}  // namespace evidence
