#include "calendario.hpp"

#include <algorithm>

namespace calendar {

Calendario::Calendario(std::string comunidad, std::map<int, Propio> propios, const Festivos& table)
    : comunidad_(std::move(comunidad)), propios_(std::move(propios)), table_(&table) {
    for (const int year : table.years()) {
        if (table.covers(comunidad_, year)) autonomicos_.insert(year);
    }
    for (const auto& [year, propio] : propios_) {
        if (propio.autonomicos) autonomicos_.insert(year);
        if (propio.locales) locales_.insert(year);
    }
}

const std::map<Dia, Festivo>& Calendario::days_of(int year) const {
    const auto [place, fresh] = years_.try_emplace(year);
    auto& days = place->second;
    if (!fresh) return days;
    // national days go first: a day that several lists name keeps the name that everybody knows
    for (auto& one : national_holidays(year)) days.emplace(one.dia, one);
    const auto propio = propios_.find(year);
    if (propio == propios_.end() || !propio->second.autonomicos) {
        for (auto& one : table_->of(comunidad_, year)) days.emplace(one.dia, one);
    }
    if (propio == propios_.end()) return days;
    for (const auto& one : propio->second.festivos) days.emplace(one.dia, one);
    return days;
}

std::set<Capa> Calendario::missing(int year) const {
    std::set<Capa> faltan;
    if (!autonomicos_.contains(year)) faltan.insert(Capa::autonomico);
    if (!locales_.contains(year)) faltan.insert(Capa::local);
    return faltan;
}

Estado Calendario::at(Dia day) const {
    if (is_saturday(day)) return {Clase::sabado};
    if (is_sunday(day)) return {Clase::domingo};
    const auto& days = days_of(year_of(day));
    if (const auto found = days.find(day); found != days.end()) return {Clase::festivo, &found->second};
    // a list that is missing may name any of the other days
    auto faltan = missing(year_of(day));
    if (!faltan.empty()) return {Clase::no_consta, nullptr, std::move(faltan)};
    return {};
}

std::vector<Festivo> Calendario::holidays(int year) const {
    std::vector<Festivo> all;
    for (const auto& [day, one] : days_of(year)) all.push_back(one);
    return all;
}

std::set<int> Calendario::years() const {
    std::set<int> all = autonomicos_;
    all.insert(locales_.begin(), locales_.end());
    return all;
}

Estado DiasHabiles::at(Dia day) const {
    Estado sede = sede_->at(day);
    if (!residencia_ || sede.inhabil()) return sede;
    Estado residencia = residencia_->at(day);
    residencia.residencia = true;
    // «se considerará inhábil en todo caso»: one certain no is enough, one doubt is a doubt
    return residencia.inhabil() || sede.habil() ? residencia : sede;
}

}  // namespace calendar
