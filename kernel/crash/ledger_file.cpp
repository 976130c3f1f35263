// The ledger on disk: cuarentena.json, which people may read.
#include "kernel/base/files.hpp"
#include "kernel/base/log.hpp"
#include "kernel/crash/ledger.hpp"

#include <concejo/error.hpp>

namespace kernel::crash {
namespace {

using concejo::Json;

constexpr std::size_t longest_file = 1 << 20;

base::TimePoint time_of(const Json& json, const char* key) {
    const auto time = base::parse_utc(json.at(key).as_string());
    if (!time) throw concejo::Error(concejo::ErrorKind::invalid, std::string(key) + ": no es una fecha");
    return *time;
}

Json to_json(const Crash& crash) {
    return Json::object({{"complemento", crash.plugin},
                         {"municipio", crash.tenant},
                         {"instante", base::format_utc_ms(crash.at)},
                         {"motivo", crash.reason},
                         {"peticion", crash.request},
                         {"al_arrancar", crash.starting}});
}

Crash crash_from(const Json& json) {
    return {time_of(json, "instante"),       json.at("complemento").as_string(),
            json.string_or("municipio", ""), json.string_or("motivo", ""),
            json.string_or("peticion", ""),  json.bool_or("al_arrancar", false)};
}

Json to_json(const Quarantine& q) {
    return Json::object({{"complemento", q.plugin},
                         {"municipio", q.tenant},
                         {"desde", base::format_utc_ms(q.since)},
                         {"motivo", q.reason},
                         {"caidas", static_cast<std::int64_t>(q.crashes)},
                         {"al_arrancar", q.starting}});
}

Quarantine quarantine_from(const Json& json) {
    return {json.at("complemento").as_string(),
            json.string_or("municipio", ""),
            time_of(json, "desde"),
            json.string_or("motivo", ""),
            static_cast<unsigned>(json.int_or("caidas", 0)),
            json.bool_or("al_arrancar", false)};
}

}  // namespace

void Ledger::load() {
    if (!std::filesystem::exists(file_)) return;
    try {
        const auto json = Json::parse(base::read_file(file_, longest_file));
        for (const auto& crash : json.at("caidas").as_array()) crashes_.push_back(crash_from(crash));
        for (const auto& q : json.at("cuarentena").as_array()) quarantines_.push_back(quarantine_from(q));
    } catch (const std::exception& error) {
        crashes_.clear();
        quarantines_.clear();
        std::error_code ignored;
        auto aside = file_;
        aside += ".ilegible";
        std::filesystem::rename(file_, aside, ignored);
        base::log_error({"supervisor", {}, {}, {}},
                        "el registro de caídas no se entiende; se aparta y se empieza otro",
                        Json::object({{"file", aside.string()}, {"why", error.what()}}));
    }
}

void Ledger::save() const {
    Json crashes = Json::array(), quarantines = Json::array();
    for (const auto& crash : crashes_) crashes.push_back(to_json(crash));
    for (const auto& q : quarantines_) quarantines.push_back(to_json(q));
    try {
        base::write_file_atomically(
            file_, Json::object({{"caidas", crashes}, {"cuarentena", quarantines}}).dump(true) + "\n");
    } catch (const concejo::Error& error) {  // a full disk: what is decided stands until the next start
        base::log_error({"supervisor", {}, {}, {}}, "no se puede guardar el registro de caídas",
                        Json::object({{"why", error.what()}}));
    }
}

}  // namespace kernel::crash
