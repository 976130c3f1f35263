#include "kernel/backup/last_copy.hpp"
#include "kernel/base/tr.hpp"
#include "kernel/cli/commands.hpp"
#include "kernel/cli/doctor_files.hpp"
#include "kernel/crash/ledger.hpp"
#include "kernel/mail/mail.hpp"
#include "kernel/outbox/effect.hpp"
#include "kernel/plugins/deliver_effect.hpp"
#include "kernel/process/sandbox.hpp"
#include "kernel/runtime/configuration.hpp"
#include "kernel/runtime/databases.hpp"
#include "kernel/supervisor/supervisor.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>

#include <functional>
#include <memory>

namespace kernel::cli {
namespace {

using concejo::Error;
using concejo::ErrorKind;
using concejo::Json;

constexpr std::uintmax_t least_space = 500ull << 20;

class Examination {
public:
    /// `look` answers what is well, or throws saying what to do. `what` is Spanish in --json: programs know
    /// it.
    void check(const std::string& what, const std::function<std::string()>& look) {
        try {
            add(what, true, look());
        } catch (const std::exception& error) {
            add(what, false, error.what());
        }
    }
    void report(Context& context) const {
        context.exit_code = well_ ? 0 : 1;
        if (context.json)
            return context.terminal.out(Json::object({{"ok", well_}, {"checks", checks_}}).dump());
        for (const auto& check : checks_.as_array())
            context.terminal.out(fmt::format("{} {:<16} {}", check["ok"].as_bool() ? "✓" : "✗",
                                             base::translated(check["check"].as_string()),
                                             check["text"].as_string()));
        context.terminal.out(well_ ? base::tr("Todo está bien.")
                                   : base::tr("Hay algo que arreglar: vea las líneas con ✗."));
    }

private:
    void add(const std::string& what, bool good, const std::string& text) {
        well_ = well_ && good;
        checks_.push_back(Json::object({{"check", what}, {"ok", good}, {"text", text}}));
    }
    Json checks_ = Json::array();
    bool well_ = true;
};

/// Mail that has to go out, and whether it can.
std::string look_at_mail(const paths::Paths& paths, const config::PlatformConfig& platform) {
    outbox::Counts mails, others;
    try {
        const bool reachable =
            !runtime::uses_embedded_cluster(platform) ||
            runtime::embedded_cluster(paths, platform)->status() == db::ClusterStatus::running;
        runtime::Databases databases(paths, platform, "concejo doctor");
        for (const auto& [name, pool] : databases.all()) {
            if (!reachable) break;
            const auto here = outbox::count(*pool, "", plugins::kernel_id, mail::effect_kind);
            const auto all = outbox::count(*pool, "");
            mails.waiting += here.waiting;
            others.unknown += all.unknown;
            others.dead += all.dead;
        }
    } catch (const Error&) {  // the check of the database says what is wrong with it
    }
    std::string text;
    if (!platform.mail) {
        text =
            base::tr("sin servidor: {} mensajes esperan; escriba «correo:» en platform.yaml", mails.waiting);
        if (mails.waiting > 0 && platform.mode == config::Mode::produccion)
            throw Error(ErrorKind::unavailable, text);
    } else {
        text = base::tr("{0} ({1}), {2} mensajes esperan", platform.mail->server, platform.mail->security,
                        mails.waiting);
    }
    if (others.unknown + others.dead > 0)
        text += base::tr("; {0} envíos dudosos y {1} fallidos esperan a una persona (concejo outbox list)",
                         others.unknown, others.dead);
    return text;
}

/// Who only tries the platform out has nothing to lose: there it is told and is no fault.
std::string look_at_copy(const config::PlatformConfig& platform) {
    const auto copy = backup::last_copy(platform.data);
    const bool needed = platform.mode == config::Mode::produccion;
    if (!copy) {
        const auto text = base::tr("nunca se ha hecho ninguna: «concejo backup», y prográmela para cada día");
        if (needed) throw Error(ErrorKind::unavailable, text);
        return text;
    }
    if (!copy->whole)
        throw Error(
            ErrorKind::unavailable,
            base::tr("la última está dañada ({}): haga otra con «concejo backup»", copy->file.string()));
    const auto text =
        base::tr("la última, de {0}: {1} MB, comprobada entera {2}", base::format_utc(copy->made),
                 copy->bytes / 1'000'000, base::format_utc(copy->verified));
    if (needed && base::SystemClock().now() - copy->made > backup::old_copy)
        throw Error(ErrorKind::unavailable,
                    base::tr("{}; tiene más de dos días: haga otra con «concejo backup»", text));
    return text;
}

void examine(Context& context, bool read_files) {
    const auto paths = context.paths();
    Examination examination;
    const auto configuration = runtime::read_configuration(paths, paths.config());
    const auto& installation = configuration.installation;
    const auto& platform = installation.platform;
    examination.check(base::N_("configuración"), [&] {
        if (installation.problems.has_errors()) throw Error(ErrorKind::invalid, installation.problems.text());
        return base::tr("municipios: {}", installation.municipios.size());
    });
    if (installation.usable) {
        examination.check(base::N_("complementos"), [&] {
            plugins::Registry registry;
            std::string text;
            for (const auto& id : configuration.wanted()) {
                const auto found =
                    std::find_if(configuration.candidates.begin(), configuration.candidates.end(),
                                 [&](const auto& c) { return c.id == id; });
                if (found == configuration.candidates.end())
                    throw Error(ErrorKind::not_found, base::tr("«{}» está activo y no se encuentra", id));
                plugins::read_descriptor(found->library());
                text += (text.empty() ? "" : ", ") + id;
            }
            return text.empty() ? base::tr("ninguno activo") : text;
        });
        examination.check(base::N_("cuarentena"), [&] {
            const base::SystemClock clock;
            const crash::Ledger ledger(runtime::crash_file(platform), clock);
            if (ledger.quarantines().empty()) return base::tr("nadie");
            throw Error(ErrorKind::unavailable,
                        base::tr("«{}» no sirve porque hacía caer procesos: vea «concejo plugin list»",
                                 ledger.quarantines().front().plugin));
        });
        examination.check(base::N_("espacio"), [&] {
            const auto space = std::filesystem::space(paths.dir).available;
            if (space < least_space)
                throw Error(ErrorKind::unavailable, base::tr("quedan {0} MiB en {1}: libere espacio",
                                                             space >> 20, paths.dir.string()));
            return base::tr("{} MiB libres", space >> 20);
        });
        examination.check(base::N_("programas"), [] {
            const process::Sandbox sandbox;
            for (const char* program : {"qpdf", "pdfinfo", "pdftotext"}) {
                process::Spec spec;
                spec.argv = {program, "--version"};
                sandbox.run(spec);
            }
            if (!sandbox.isolated())
                throw Error(
                    ErrorKind::unavailable,
                    base::tr(
                        "esta máquina no deja aislar los programas que leen PDF: permita los espacios de "
                        "nombres sin privilegios (sysctl kernel.unprivileged_userns_clone=1)"));
            return base::tr("qpdf y poppler-utils, aislados");
        });
        examination.check(base::N_("base de datos"), [&] {
            if (runtime::uses_embedded_cluster(platform) &&
                runtime::embedded_cluster(paths, platform)->status() != db::ClusterStatus::running) {
                if (supervisor::supervisor_runs(paths))
                    throw Error(ErrorKind::unavailable,
                                base::tr("no está en marcha; el servidor la está levantando: repita dentro "
                                         "de unos segundos"));
                return base::tr("parada, como el servidor");
            }
            runtime::Databases databases(paths, platform, "concejo doctor");
            for (const auto& [name, pool] : databases.all()) pool->begin_kernel().exec("select 1");
            return base::tr("en marcha: {}", databases.all().size());
        });
        examination.check(base::N_("ficheros"),
                          [&] { return examine_files(context, installation, read_files); });
    }
    if (installation.usable) {
        examination.check(base::N_("correo"), [&] { return look_at_mail(paths, platform); });
        examination.check(base::N_("copia"), [&] { return look_at_copy(platform); });
    }
    examination.check(base::N_("servidor"), [&] {
        if (!supervisor::supervisor_runs(paths)) return base::tr("parado");
        const auto status = supervisor::ask_supervisor(paths, Json::object({{"command", "status"}}));
        for (const auto& worker : status.at("workers").as_array()) {
            if (!worker.bool_or("ready", false) && !worker.bool_or("draining", false))
                throw Error(ErrorKind::unavailable,
                            base::tr("un proceso de trabajo no está listo: mire el registro"));
        }
        return base::tr("en marcha en el puerto {0}, generación {1}", status.int_or("port", 0),
                        status.int_or("generation", 0));
    });
    examination.report(context);
}

}  // namespace

void add_doctor(CLI::App& app, Context& context) {
    auto* doctor = app.add_subcommand(
        "doctor", base::tr("Examina la instalación y dice qué hacer; 0 si todo está bien"));
    common_options(doctor, context);
    const auto read_files = std::make_shared<bool>(false);
    doctor->add_flag("--ficheros", *read_files,
                     base::tr("Lee además todos los ficheros y comprueba su sha-256"));
    doctor->callback([&context, read_files] { examine(context, *read_files); });
}

}  // namespace kernel::cli
