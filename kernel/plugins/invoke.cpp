#include "kernel/plugins/invoke.hpp"

#include "kernel/base/log.hpp"
#include "kernel/plugins/transaction.hpp"

namespace kernel::plugins {

Reply run_route(Services& services, const Route& route, Scope& scope) {
    auto& request = *scope.request;
    concejo_call call{&services, &scope, route.plugin};
    const concejo_request raw{sizeof raw, c_str(request.method), c_str(request.path), c_str(request.body),
                              c_str(scope.language)};
    std::optional<JoinedTransaction> joined;
    if (scope.transaction) call.joined = &joined.emplace(*scope.transaction).tx;
    concejo_reply reply;
    enter(call, [&] { return route.handler(route.context, &call, &raw, &reply); });
    return std::move(reply.reply);
}

std::vector<std::pair<std::string, concejo::Json>> ask(Services& services,
                                                       const std::vector<Provider>& providers,
                                                       std::string_view argument, Scope& scope) {
    std::vector<std::pair<std::string, concejo::Json>> answers;
    for (const auto& provider : providers) {
        if (!scope.tenant || !scope.tenant->has(provider.plugin_id)) continue;
        if (crash::in_quarantine(provider.plugin_id, scope.tenant->id)) continue;
        concejo_call call{&services, &scope, provider.plugin};
        Collected said;
        try {
            enter(call, [&] {
                return provider.handler(provider.context, &call, c_str(argument), &Collected::sink, &said);
            });
            if (!said.text.empty()) answers.emplace_back(provider.plugin_id, concejo::Json::parse(said.text));
        } catch (const concejo::Error& error) {
            base::log_error({"plugin", scope.tenant->config.slug, provider.plugin_id, scope.request_id},
                            "un proveedor ha fallado y se deja fuera",
                            concejo::Json::object({{"error", error.what()}}));
        }
    }
    return answers;
}

}  // namespace kernel::plugins
