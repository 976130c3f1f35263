#include "trouble.hpp"

namespace open_data {

void tell_of_trouble(const concejo::Call& call, concejo::Transaction& tx, const Trouble& trouble,
                     bool failed_before) {
    const bool fails = !trouble.error.empty();
    const auto settings = call.settings();
    const auto& people = settings["avisar_a"];
    if (fails == failed_before || !people.is_array() || people.empty()) return;
    // One for each time that it changes: a transaction that is done again has another number.
    const auto key = (fails ? "falla " : "va bien ") +
                     tx.exec("SELECT pg_current_xact_id()::text")[0].text(0) + " " + trouble.page;
    call.send_mail(tx, Json::object({{"to", people},
                                     {"template", "open-data/correo_fallo"},
                                     {"view", Json::object({{"what", trouble.what},
                                                            {"fails", fails},
                                                            {"error", trouble.error},
                                                            {"href", call.url(trouble.page, true)}})},
                                     {"key", key}}));
}

}  // namespace open_data
