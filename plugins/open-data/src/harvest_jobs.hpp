// When sources are gathered: on their own schedule, or when somebody asks.
#pragma once

#include "harvest_round.hpp"

namespace open_data {

/// By jobs, one for each page, once the transaction has committed. `confirmed`: see HarvestOptions.
void harvest_soon(const concejo::Call&, concejo::Transaction&, const Source&, const std::string& by,
                  bool confirmed);

/// A whole round now. Not in a job, nor while a transaction is open.
HarvestReport gather(const concejo::Call&, const Source&, const HarvestOptions&,
                     const std::function<void(std::int64_t seen, std::int64_t total)>& told);

void register_harvest(concejo::Kernel&);          ///< the jobs
void register_harvest_command(concejo::Kernel&);  ///< concejo open-data harvest
void register_staff_harvest(concejo::Kernel&);    ///< its pages

}  // namespace open_data
