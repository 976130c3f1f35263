// Each group of pages registers its own routes.
#pragma once

#include <concejo/plugin.hpp>

namespace calendar {

void register_year(concejo::Kernel&);        ///< the official calendar of non-working days, its .ics
void register_calculator(concejo::Kernel&);  ///< a term and why it ends that day
void register_incidents(concejo::Kernel&);   ///< public list of incidents and extensions, official time
void register_api(concejo::Kernel&);         ///< JSON, open
void register_service(concejo::Kernel&);     ///< calendar:1 for the other plugins
void register_staff(concejo::Kernel&);       ///< incidents and extensions, by whoever may
void register_commands(concejo::Kernel&);    ///< concejo calendar …

constexpr const char* may_manage = "calendar.incidencias";

}  // namespace calendar
