// Jobs and events: what a job worker runs, in the plugin that it belongs to.
#pragma once

#include "kernel/jobs/runner.hpp"
#include "kernel/jobs/schedule.hpp"
#include "kernel/plugins/services.hpp"

namespace kernel::plugins {

/// The kind of the jobs that carry an event to its subscribers. An event is one job: when a subscriber fails
/// all are told again, with the same id to deduplicate by.
inline constexpr const char* event_job_kind = "concejo.event";

/// Throws what the handler threw; Error{unavailable} where the plugin does not serve the municipality just
/// now.
void run_job(Services&, jobs::JobContext&);

/// The registry's schedules for each municipality that has the module.
void declare_schedules(Services&);

}  // namespace kernel::plugins
