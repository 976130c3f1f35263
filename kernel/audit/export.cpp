#include "kernel/audit/export.hpp"

#include <initializer_list>
#include <string_view>

namespace kernel::audit {
namespace {

std::string line_of(std::initializer_list<std::string_view> fields) {
    std::string line;
    for (const auto field : fields) {
        line += line.empty() ? "\"" : ",\"";
        if (!field.empty() && std::string_view("=+-@\t\r\n").find(field[0]) != std::string_view::npos)
            line += '\'';
        for (const char c : field) line += c == '"' ? std::string("\"\"") : std::string(1, c);
        line += '"';
    }
    return line + "\r\n";
}

}  // namespace

std::string csv_head() {
    return line_of({"numero", "momento_utc", "quien", "accion", "sobre", "resultado", "direccion", "peticion",
                    "detalles", "sha256"});
}

std::string csv_line(const Entry& entry) {
    return line_of({std::to_string(entry.number), entry.at, entry.actor, entry.action, entry.object,
                    entry.result, entry.ip_prefix, entry.request_id, entry.details.dump(), entry.hash});
}

std::string json_line(const Entry& entry) {
    return concejo::Json::object({{"numero", entry.number},
                                  {"momento", entry.at},
                                  {"quien", entry.actor},
                                  {"accion", entry.action},
                                  {"sobre", entry.object},
                                  {"resultado", entry.result},
                                  {"direccion", entry.ip_prefix},
                                  {"peticion", entry.request_id},
                                  {"detalles", entry.details},
                                  {"sha256", entry.hash}})
               .dump() +
           "\n";
}

}  // namespace kernel::audit
