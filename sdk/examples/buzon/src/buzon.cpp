// es.riomar.buzon: a municipality's mailbox for suggestions, and a tour of every service of the kernel.
//
// Start reading here: the constructor says all that the plugin offers. The kernel calls it once in each
// process, before anything is served; from then on the handlers run on many threads at once, each with a Call
// of its own. So the plugin keeps no state: what must last is in the database.
#include "avisos.hpp"
#include "consulta.hpp"
#include "gestion.hpp"
#include "publico.hpp"
#include "sugerencia.hpp"
#include "textos.hpp"

namespace buzon {

using concejo::Call;
using concejo::JobOptions;
using concejo::Json;
using concejo::RouteOptions;

constexpr std::uint64_t largest_body =
    51ull << 20;  ///< the 50 MiB that config.schema.yaml admits, and the other fields

class Buzon {
public:
    explicit Buzon(concejo::Kernel& kernel) {
        people(kernel);
        pages(kernel);
        staff(kernel);
        machines(kernel);
        background(kernel);
        kernel.log(CONCEJO_DEBUG, "the mailbox is ready");
    }

private:
    /// Who may do what. The municipality gives the role to its people with `concejo user add`.
    static void people(concejo::Kernel& kernel) {
        kernel.permission(may_answer, N_("Contestar sugerencias"));
        kernel.role("es.riomar.buzon", N_("Buzón de sugerencias"), {may_answer});
        kernel.role("secretaria", N_("Secretaría"),
                    {may_answer});  // roles of one name add up: the secretary's gains this
        // What audit() writes down, as people read it. The last one is done by no person, which the sede publishes.
        kernel.action("es.riomar.buzon.recibir", N_("Sugerencia recibida"));
        kernel.action("es.riomar.buzon.contestar", N_("Sugerencia contestada"));
        kernel.action(
            "es.riomar.buzon.acusar", N_("Acuse de recibo de una sugerencia"),
            N_("Se da por recibida al momento, sin valorar lo que dice. Responde quien atiende el buzón. No aprende de ningún dato."));
    }

    static void pages(concejo::Kernel& kernel) {
        kernel.page("/buzon", show_form);
        // For whoever runs the platform:
        // concejo_plugin_es_riomar_buzon_recibidas_total{tenant,plugin,asunto}.
        const auto received =
            kernel.metrics().counter("recibidas_total", "Sugerencias recibidas, por asunto", {"asunto"});
        const auto receive_one = [received](const concejo::Request& request, concejo::Reply& reply) {
            receive(request, reply, received);
        };
        kernel.page_post("/buzon", receive_one,
                         RouteOptions{.permission = {}, .uploads = true, .body_limit = largest_body});
        kernel.page("/buzon/recibida", show_receipt);
        kernel.page("/buzon/estado", show_state);
        kernel.page("/buzon/respuestas", show_answers, RouteOptions{.permission = {}, .cached = true});
        kernel.bare("GET", "/id/buzon/:codigo", permanent);

        kernel.menu(Json::object(
            {{"place", "main"}, {"label", N_("Buzón de sugerencias")}, {"path", "/buzon"}, {"order", 80}}));
        kernel.block("home", 80, home_block);
        kernel.searchable(search);
        kernel.site_map(site_map);
    }

    static void staff(concejo::Kernel& kernel) {
        const RouteOptions allowed{.permission = may_answer};
        kernel.staff("/buzon", list_pending, allowed);
        kernel.staff("/buzon/:numero", show_suggestion, allowed);
        kernel.staff_post("/buzon/:numero", answer_suggestion, allowed);
        kernel.staff("/buzon/:numero/adjunto", send_attachment, allowed);
        kernel.menu(Json::object({{"place", "staff"},
                                  {"label", N_("Buzón de sugerencias")},
                                  {"path", "/gestion/buzon"},
                                  {"group", N_("Participación")},
                                  {"icon", "messages"},
                                  {"order", 80},
                                  {"permission", may_answer}}));
    }

    static void machines(concejo::Kernel& kernel) {
        kernel.api("GET", "/buzon/v1/resumen", api_summary);
        kernel.api("GET", "/buzon/v1/sugerencias", api_pending, RouteOptions{.permission = may_answer});
        kernel.provide(service, respond);
        kernel.command(
            Json::object({{"verb", "resumen"},
                          {"help", N_("Cuántas sugerencias esperan respuesta y cuántas la tienen")},
                          {"options", Json::array()},
                          {"files", Json::array()}}),
            command_summary);
    }

    /// Work after the request. A job's begin() joins the transaction that marks the job as done: both or
    /// neither. Its name is what the staff's page of jobs shows.
    static void background(concejo::Kernel& kernel) {
        const auto acknowledge = [](const Call& call, const Json& payload, const concejo::Job& job) {
            const auto numero = payload.at("numero").as_int();
            auto tx = call.begin();
            if (SugerenciaRepository(tx).note(numero, "acuse", "acuse-" + std::to_string(numero)))
                call.audit(tx, "es.riomar.buzon.acusar", std::to_string(numero));
            tx.commit();
            job(1, 1);
        };
        kernel.job("acuse", acknowledge, JobOptions{.label = N_("Acuse de recibo"), .max_attempts = 5});
        kernel.subscribe(received_event, [](const Call& call, const Json& event) -> Json {
            auto tx = call.begin();  // `id` tells a second delivery of the same event from another event
            SugerenciaRepository(tx).note(event.at("data").at("numero").as_int(), "aviso",
                                          event.at("id").as_string());
            tx.commit();
            return {};
        });
        const auto withdraw = [](const Call& call, const Json&, const concejo::Job&) {
            auto tx = call.begin();
            SugerenciaRepository all(tx);
            const auto numbers = all.withdraw_older_than(call.settings().at("dias_publicada").as_int());
            for (const auto numero : numbers)
                all.note(numero, "retirada", "retirada-" + std::to_string(numero));
            if (!numbers.empty()) call.pages_changed(tx);
            tx.commit();
        };
        kernel.job("retirar", withdraw, JobOptions{.label = N_("Retirada de sugerencias antiguas")});
        declare_copy(kernel);
        kernel.schedule(Json::object({{"kind", "retirar"}, {"cron", "10 4 * * *"}}));
    }
};

}  // namespace buzon

// The descriptor, which the kernel reads from the file before it runs any of it: class, id, version, what
// must be there, what is used when it is there, what is offered to other plugins.
CONCEJO_PLUGIN(
    buzon::Buzon, "es.riomar.buzon", "1.0.0",
    "log/1 http/1 pages/1 db/1 config/1 i18n/1 identity/1 cli/1 bus/1 audit/1 blobs/1 process/1 jobs/1 "
    "http_client/1 outbox/1 mail/1 metrics/1",
    "es.riomar.buzon:1", "es.riomar.buzon:1")
