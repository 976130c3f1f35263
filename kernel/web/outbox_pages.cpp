// What the staff see of effects outside: which arrived, which did not, and what a person has to decide.
#include "kernel/outbox/effect.hpp"
#include "kernel/plugins/deliver_effect.hpp"
#include "kernel/web/page_tools.hpp"
#include "kernel/web/texts.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>

#include <charconv>

namespace kernel::web {

using concejo::Json;
using plugins::RouteKind;

namespace {

struct EffectState {
    std::string_view name;
    const char *label, *tone;
};
constexpr EffectState effect_states[] = {{"waiting", texts::outbox_waiting, "info"},
                                         {"sending", texts::outbox_sending, "info"},
                                         {"delivered", texts::outbox_delivered, "ok"},
                                         {"unknown", texts::outbox_unknown, "warn"},
                                         {"dead", texts::outbox_dead, "err"}};

const EffectState& state_of(const outbox::EffectInfo& effect) {
    for (const auto& state : effect_states) {
        if (state.name == effect.state) return state;
    }
    return effect_states[0];
}

class OutboxPages : PageTools {
public:
    using PageTools::PageTools;

    http::Response list(Visit& visit) const {
        Json rows = Json::array();
        for (const auto& effect : outbox::list(pool(visit), visit.place().id, "", 200)) {
            const auto& state = state_of(effect);
            rows.push_back(Json::object(
                {{"cells",
                  Json::array({cell({{"header", true},
                                     {"href", path(visit, effect.id)},
                                     {"text", fmt::format("{}", effect.id)}}),
                               cell({{"label", say(visit, texts::outbox_what)},
                                     {"text", what(visit, effect)},
                                     {"note", effect.last_error.empty() ? Json() : Json(effect.last_error)}}),
                               cell({{"label", say(visit, texts::outbox_state)},
                                     {"text", say(visit, state.label)},
                                     {"tone", state.tone}}),
                               cell({{"label", say(visit, texts::outbox_attempts)},
                                     {"text", fmt::format("{}", effect.attempts)},
                                     {"numeric", true}}),
                               cell({{"label", say(visit, texts::outbox_created)},
                                     {"text", when(visit, effect.created_at)}})})}}));
        }
        const bool none = rows.as_array().empty();
        const auto columns =
            Json::array({column(visit, texts::outbox_number), column(visit, texts::outbox_what),
                         column(visit, texts::outbox_state), column(visit, texts::outbox_attempts, true),
                         column(visit, texts::outbox_created)});
        return page(
            visit, "web/outbox",
            Json::object(
                {{"title", say(visit, texts::outbox_title)},
                 {"table",
                  none ? Json() : table(visit, "envios", texts::outbox_title, columns, std::move(rows))},
                 {"empty", none ? nothing(visit, texts::outbox_none, texts::outbox_none_yet) : Json()}}));
    }

    http::Response one(Visit& visit) const { return shown(visit, nullptr); }
    http::Response retry(Visit& visit) const {
        return decided(visit, outbox::Decision::retry, texts::outbox_retried);
    }
    http::Response settle(Visit& visit) const {
        return decided(visit, outbox::Decision::settle, texts::outbox_settled);
    }

private:
    static std::string path(const Visit& visit, std::int64_t id) {
        return write_address(RouteKind::staff, visit.language, fmt::format("/envios/{}", id));
    }

    std::string what(const Visit& visit, const outbox::EffectInfo& effect) const {
        if (effect.plugin == plugins::kernel_id) return say(visit, texts::outbox_mail);
        for (const auto& kind : own_.services.registry.effects) {
            if (kind.plugin_id == effect.plugin && kind.kind == effect.kind && !kind.label.empty())
                return own_.services.catalogs.translate(visit.language, kind.plugin_id, kind.label);
        }
        return effect.plugin + " · " + effect.kind;
    }

    static std::int64_t id_of(const Visit& visit) {
        const auto given = parameter(visit, "id");
        std::int64_t id = 0;
        std::from_chars(given.data(), given.data() + given.size(), id);
        return id;
    }

    http::Response shown(Visit& visit, const char* done) const {
        const auto effect = outbox::show(pool(visit), visit.place().id, id_of(visit));
        if (!effect)
            throw concejo::Error(concejo::ErrorKind::not_found, "no hay ningún envío con ese número");
        Json summary = Json::array();
        const auto add = [&](const char* label, const std::string& text) {
            sum(visit, summary, label, text);
        };
        add(texts::outbox_what, what(visit, *effect));
        add(texts::outbox_to,
            effect->payload.is_object() ? effect->payload.string_or("recipient", "") : std::string());
        add(texts::outbox_state, say(visit, state_of(*effect).label));
        add(texts::outbox_attempts, fmt::format("{}", effect->attempts));
        add(texts::outbox_created, when(visit, effect->created_at));
        if (effect->state == "waiting") add(texts::outbox_next, when(visit, effect->next_at));
        add(texts::outbox_sent, when(visit, effect->sent_at));
        add(texts::outbox_arrived, when(visit, effect->delivered_at));
        add(texts::outbox_key, effect->key);
        add(texts::outbox_error, effect->last_error);
        add(texts::outbox_note, effect->note);
        const bool open = effect->state == "unknown" || effect->state == "dead" || effect->state == "waiting";
        auto title = say(visit, texts::outbox_one);
        title.replace(title.find("{n}"), 3, fmt::format("{}", effect->id));
        return html(own_.pages.own_page(
            visit, "web/outbox-effect",
            Json::object({{"title", title},
                          {"done", done ? Json(say(visit, done)) : Json()},
                          {"doubtful", effect->state == "unknown"},
                          {"summary", std::move(summary)},
                          {"retry_href", open ? Json(path(visit, effect->id) + "/repetir") : Json()},
                          {"settle_href", open ? Json(path(visit, effect->id) + "/hecho") : Json()},
                          {"back_href", write_address(RouteKind::staff, visit.language, "/envios")}})));
    }

    http::Response decided(Visit& visit, outbox::Decision decision, const char* said) const {
        const bool done = outbox::decide(pool(visit), visit.place().id, id_of(visit), decision,
                                         identity::event_of(origin_of(visit), visit.place().id, "", ""));
        return shown(visit, done ? said : nullptr);
    }
};

}  // namespace

void OwnPages::add_outbox(std::vector<Entry>& table) {
    const auto add = adding(table, std::make_shared<OutboxPages>(*this), identity::permission::manage_outbox);
    add("GET", "/envios", &OutboxPages::list);
    add("GET", "/envios/:id", &OutboxPages::one);
    add("POST", "/envios/:id/repetir", &OutboxPages::retry);
    add("POST", "/envios/:id/hecho", &OutboxPages::settle);
}

}  // namespace kernel::web
