#include "kernel/base/files.hpp"
#include "kernel/base/random.hpp"
#include "kernel/cli/self.hpp"
#include "kernel/cli/serve.hpp"
#include "kernel/runtime/configuration.hpp"
#include "kernel/runtime/database_keeper.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>

#include <regex>

namespace kernel::cli {
namespace {

using concejo::Json;
namespace fs = std::filesystem;

struct DemoUser {
    const char* login;
    const char* name;
    const char* role;
};
constexpr DemoUser demo_users[] = {
    {"secretaria", "Elena Robles", "secretaria"},
    {"redaccion", "Andrés Prado", "redaccion"},
    {"administracion", "Marta Ferreiro", "administracion"},
};

class Demo {
public:
    Demo(Context& context, unsigned short port) : context_(context), paths_(context.paths()), port_(port) {}

    /// Everything that the first start needs and the next ones find done.
    void prepare() {
        write_config();
        const auto configuration = runtime::read_configuration(paths_, paths_.config());
        if (!configuration.installation.usable) throw concejo::Error(concejo::ErrorKind::invalid, configuration.installation.problems.text());
        step("Preparando la base de datos");
        const runtime::DatabaseSession database(paths_, configuration.installation.platform);
        run_self({"migrate", "--dir", paths_.dir.string(), "--json"});
        step("Creando los usuarios");
        for (const auto& municipio : configuration.installation.municipios) create_logins(municipio.slug);
        step("Publicando los anuncios de ejemplo");
        for (const auto& municipio : configuration.installation.municipios) publish(municipio.slug);
        step("Arrancando");
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
        if (port_) text = std::regex_replace(text, std::regex("(\n  puerto: )[0-9]+"), "$01" + std::to_string(port_));
        const auto plugins = paths::share_folder() / "demo" / "plugins";
        if (fs::exists(plugins) && text.find("\nplugins:") == std::string::npos)
            text += fmt::format("\n# El complemento de ejemplo de Riomar, hecho fuera del árbol.\nplugins:\n  carpetas: [\"{}\"]\n", plugins.string());
        base::write_file_atomically(platform, text);
    }

    Json credentials() const {
        return fs::exists(credentials_file()) ? Json::parse(base::read_file(credentials_file(), 1 << 20)) : Json::object();
    }

    void create_logins(const std::string& slug) {
        auto all = credentials();
        for (const auto& user : demo_users) {
            if (all[slug].contains(user.login)) continue;
            const auto password = base::random_token(12);
            const std::vector<std::string> who{"--dir", paths_.dir.string(), "--tenant", slug, "--login", user.login, "--json"};
            auto add = std::vector<std::string>{"user", "add", "--name", user.name, "--role", user.role, "--totp"};
            add.insert(add.end(), who.begin(), who.end());
            const auto answer = Json::parse(run_self(add, password + "\n"));
            all[slug][user.login] = Json::object({{"password", password}, {"totp_secret", answer.at("totp_secret")}});
            base::write_file_atomically(credentials_file(), all.dump(true), 0600);
        }
        if (all[slug].contains("api_token")) return;
        const auto token = Json::parse(run_self({"token", "create", "--dir", paths_.dir.string(), "--tenant", slug, "--name", "demostracion", "--scope",
                                                 "sede:read", "--json"}));
        all[slug]["api_token"] = token.at("token");
        base::write_file_atomically(credentials_file(), all.dump(true), 0600);
    }

    void publish(const std::string& slug) {
        const auto folder = paths_.data() / "demo" / slug;
        const auto mark = folder / "publicado";
        const auto maker = paths::program_file().parent_path() / "concejo-demo-pdfs";
        if (fs::exists(mark)) return;
        fs::create_directories(folder);
        run_program(maker.string(), {slug, folder.string()});
        run_self({"sede", "seed", "--dir", paths_.dir.string(), "--tenant", slug, (folder / "manifest.json").string()});
        base::write_file_atomically(mark, "");
    }

    static constexpr std::uint64_t steps = 4;
    Context& context_;
    paths::Paths paths_;
    unsigned short port_;
    std::uint64_t done_ = 0;
};

}  // namespace

void add_demo(CLI::App& app, Context& context) {
    auto* demo = app.add_subcommand("demo", "Una instalación de demostración, nueva o la que haya en --dir, en marcha");
    auto port = std::make_shared<unsigned short>(0);
    common_options(demo, context);
    demo->add_option("--port", *port, "Puerto en 127.0.0.1 (por defecto, 8080)");
    demo->callback([&context, port] {
        Demo installation(context, *port);
        installation.prepare();
        context.exit_code = serve(context, [&](unsigned short actual) {
            context.terminal.progress(4, 4, "En marcha");
            context.terminal.out(fmt::format("ready http://127.0.0.1:{}/", actual));
            context.terminal.err(fmt::format("Valdehermoso  http://valdehermoso.localhost:{0}/\nRiomar        http://riomar.localhost:{0}/\n"
                                             "Gestión       http://valdehermoso.localhost:{0}/es/gestion\nUsuarios y contraseñas: {1}\nCtrl-C para terminar.",
                                             actual, installation.credentials_file().string()));
        });
    });
}

}  // namespace kernel::cli
