#include "kernel/base/files.hpp"
#include "kernel/base/random.hpp"
#include "kernel/base/tr.hpp"
#include "kernel/cli/self.hpp"
#include "kernel/cli/serve.hpp"
#include "kernel/i18n/message_language.hpp"
#include "kernel/runtime/configuration.hpp"
#include "kernel/runtime/database_keeper.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>

#include <regex>

namespace kernel::cli {
namespace {

using concejo::Json;
namespace fs = std::filesystem;

class Demo {
public:
    Demo(Context& context, unsigned short port)
        : context_(context),
          paths_(context.paths()),
          port_(port),
          recipe_(Json::parse(base::read_file(paths::share_folder() / "demo" / "demo.json", 1 << 20))) {}

    /// Everything that the first start needs and the next ones find done.
    void prepare() {
        write_config();
        const auto configuration = runtime::read_configuration(paths_, paths_.config());
        if (!configuration.installation.usable)
            throw concejo::Error(concejo::ErrorKind::invalid, configuration.installation.problems.text());
        step(base::tr("Preparando la base de datos"));
        const runtime::DatabaseSession database(paths_, configuration.installation.platform);
        run_self({"migrate", "--dir", paths_.dir.string(), "--json"});
        step(base::tr("Creando los usuarios"));
        for (const auto& municipio : configuration.installation.municipios) create_logins(municipio.slug);
        step(base::tr("Publicando los anuncios de ejemplo"));
        for (const auto& municipio : configuration.installation.municipios) publish(municipio.slug);
        step(base::tr("Arrancando"));
    }

    fs::path credentials_file() const { return paths_.dir / "demo-credentials.json"; }

private:
    void step(std::string_view what) { context_.terminal.progress(done_++, steps, what); }

    void write_config() {
        const auto source = paths::share_folder() / "demo" / "config";
        const auto platform = paths_.config() / "platform.yaml";
        if (!fs::exists(platform)) {
            fs::create_directories(paths_.config());
            fs::copy(source, paths_.config(), fs::copy_options::recursive | fs::copy_options::skip_existing);
        }
        auto text = base::read_file(platform, 1 << 20);
        if (port_)
            text =
                std::regex_replace(text, std::regex("(\n  puerto: )[0-9]+"), "$01" + std::to_string(port_));
        const auto plugins = paths::share_folder() / "demo" / "plugins";
        if (fs::exists(plugins) && text.find("\nplugins:") == std::string::npos)
            text += fmt::format(
                "\n# El complemento de ejemplo de Riomar, hecho fuera del árbol.\nplugins:\n  carpetas: "
                "[\"{}\"]\n",
                plugins.string());
        base::write_file_atomically(platform, text);
    }

    Json credentials() const {
        return fs::exists(credentials_file()) ? Json::parse(base::read_file(credentials_file(), 1 << 20))
                                              : Json::object();
    }

    void create_logins(const std::string& slug) {
        auto all = credentials();
        for (const auto& user : recipe_.at("users").as_array()) {
            const auto& login = user.at("login").as_string();
            if (all[slug].contains(login)) continue;
            const auto password = base::random_token(12);
            const auto answer = Json::parse(run_self(
                {"user", "add", "--dir", paths_.dir.string(), "--tenant", slug, "--login", login, "--name",
                 user.at("name").as_string(), "--role", user.at("role").as_string(), "--totp", "--json"},
                password + "\n"));
            all[slug][login] =
                Json::object({{"password", password}, {"totp_secret", answer.at("totp_secret")}});
            base::write_file_atomically(credentials_file(), all.dump(true), 0600);
        }
        if (all[slug].contains("api_token")) return;
        std::vector<std::string> create{"token",    "create", "--dir",  paths_.dir.string(),
                                        "--tenant", slug,     "--name", "demostracion",
                                        "--json"};
        for (const auto& scope : recipe_.at("scopes").as_array())
            create.insert(create.end(), {"--scope", scope.as_string()});
        const auto token = Json::parse(run_self(create));
        all[slug]["api_token"] = token.at("token");
        base::write_file_atomically(credentials_file(), all.dump(true), 0600);
    }

    /// Each maker writes its files into the folder of the municipality; a plugin's command takes them in.
    void publish(const std::string& slug) {
        const auto folder = paths_.data() / "demo" / slug;
        const auto mark = folder / "publicado";
        if (fs::exists(mark)) return;
        fs::create_directories(folder);
        for (const auto& content : recipe_.at("content").as_array()) {
            if (!is_for(content, slug)) continue;
            if (const auto maker = content.string_or("maker", ""); !maker.empty())
                run_program((paths::program_file().parent_path() / maker).string(), {slug, folder.string()});
            std::vector<std::string> take_in;
            for (const auto& word : content.at("command").as_array()) take_in.push_back(word.as_string());
            take_in.insert(take_in.end(), {"--dir", paths_.dir.string(), "--tenant", slug,
                                           (folder / content.at("file").as_string()).string()});
            run_self(take_in);
        }
        base::write_file_atomically(mark, "");
    }

    /// For all, where it does not say for which.
    static bool is_for(const Json& content, const std::string& slug) {
        const auto& listed = content["municipalities"];
        if (!listed.is_array()) return true;
        const auto& all = listed.as_array();
        return std::any_of(all.begin(), all.end(), [&](const auto& one) { return one == Json(slug); });
    }

    static constexpr std::uint64_t steps = 4;
    Context& context_;
    paths::Paths paths_;
    unsigned short port_;
    Json recipe_;
    std::uint64_t done_ = 0;
};

}  // namespace

void add_demo(CLI::App& app, Context& context) {
    auto* demo = app.add_subcommand(
        "demo", base::tr("Una instalación de demostración, nueva o la que haya en --dir, en marcha"));
    auto port = std::make_shared<unsigned short>(0);
    common_options(demo, context);
    demo->add_option("--port", *port, base::tr("Puerto en 127.0.0.1 (por defecto, 8080)"));
    demo->callback([&context, port] {
        Demo installation(context, *port);
        installation.prepare();
        context.exit_code = serve(context, [&](unsigned short actual) {
            context.terminal.progress(4, 4, base::tr("En marcha"));
            context.terminal.out(fmt::format("ready http://127.0.0.1:{}/", actual));
            context.terminal.err(
                fmt::format("Valdehermoso  http://valdehermoso.localhost:{0}/\n"
                            "Riomar        http://riomar.localhost:{0}/\n"
                            "{1:<13} http://valdehermoso.localhost:{0}/{2}/gestion\n{3}\n{4}",
                            actual, base::tr("Gestión"), i18n::message_language(),
                            base::tr("Usuarios y contraseñas: {}", installation.credentials_file().string()),
                            base::tr("Ctrl-C para terminar.")));
        });
    });
}

}  // namespace kernel::cli
