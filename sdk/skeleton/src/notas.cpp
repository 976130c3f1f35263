#include "notas.hpp"

namespace es_miayto_esqueleto {

std::int64_t NotaRepository::add(const std::string& texto) {
    const auto rows =
        tx_.exec("INSERT INTO es_miayto_esqueleto_nota (texto) VALUES ($1) RETURNING id", texto);
    return rows[0].integer(0);
}

std::vector<Nota> NotaRepository::latest(int count) {
    std::vector<Nota> all;
    const auto rows = tx_.exec(
        "SELECT id, texto, extract(epoch FROM escrita)::bigint FROM es_miayto_esqueleto_nota"
        " ORDER BY escrita DESC, id DESC LIMIT $1",
        count);
    for (const auto row : rows) all.push_back({row.integer(0), row.text(1), row.integer(2)});
    return all;
}

std::int64_t NotaRepository::remove_older_than(std::int64_t days) {
    const auto rows = tx_.exec(
        "DELETE FROM es_miayto_esqueleto_nota WHERE escrita < now() - make_interval(days => $1::int)", days);
    return static_cast<std::int64_t>(rows.affected());
}

}  // namespace es_miayto_esqueleto
