// concejo-demo-pdfs: writes the PDFs and the list of one municipality of the demonstration.
#include "announcement.hpp"
#include "contracts.hpp"
#include "pdf.hpp"
#include "places.hpp"

#include <concejo/json.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>

namespace {

using concejo::Json;
using namespace std::chrono;

struct Wish {
    demo::Municipality municipality;
    std::filesystem::path folder;
    sys_days today;
};

year_month_day date(sys_days today, int days_away) { return year_month_day{today + days{days_away}}; }

std::string iso(const year_month_day& day) {
    char text[16];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(day.year()),
                  static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
    return text;
}

std::string words(const demo::Municipality& m, const year_month_day& day) {
    return std::to_string(static_cast<unsigned>(day.day())) + " de " +
           m.months[static_cast<unsigned>(day.month()) - 1] + " de " +
           std::to_string(static_cast<int>(day.year()));
}

std::string replace(std::string text, std::string_view name, const std::string& value) {
    for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + value.size()))
        text.replace(at, name.size(), value);
    return text;
}

std::string slug(const std::string& reference) {
    std::string out;
    for (const char c : reference) {
        if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'))
            out += c;
        else if (c >= 'A' && c <= 'Z')
            out += static_cast<char>(c - 'A' + 'a');
        else if (!out.empty() && out.back() != '-')
            out += '-';
    }
    return out;
}

std::string upper_kind(const std::string& tipo) {
    if (tipo == "bando") return "BANDO";
    if (tipo == "convocatoria" || tipo == "plenos") return "CONVOCATORIA";
    if (tipo == "edicto" || tipo == "padron-tributos" || tipo == "normativa") return "EDICTO";
    return "ANUNCIO";
}

std::optional<Wish> read(int argc, char** argv) {
    if (argc < 3) return std::nullopt;
    const std::string name = argv[1];
    if (name != "valdehermoso" && name != "riomar") return std::nullopt;
    Wish wish{name == "riomar" ? demo::riomar() : demo::valdehermoso(), argv[2],
              floor<days>(system_clock::now())};
    if (argc == 5 && std::string_view(argv[3]) == "--hoy") {
        int y = 0;
        unsigned m = 0, d = 0;
        if (std::sscanf(argv[4], "%d-%u-%u", &y, &m, &d) != 3) return std::nullopt;
        const year_month_day day{year(y), month(m), std::chrono::day(d)};
        if (!day.ok()) return std::nullopt;
        wish.today = sys_days{day};
    } else if (argc != 3) {
        return std::nullopt;
    }
    return wish;
}

/// Spanish contracts "de el" and "a el"; the shared sentences meet their articles here.
std::string contract(std::string text) {
    for (const auto& [apart, joined] : {std::pair{" de el ", " del "}, std::pair{" a el ", " al "},
                                        std::pair{" de o ", " do "}, std::pair{" de a ", " da "}})
        text = replace(std::move(text), apart, joined);
    return text;
}

/// Writes one PDF and describes it for the list.
Json write(const Wish& wish, const demo::Announcement& a) {
    const auto& m = wish.municipality;
    const auto from = date(wish.today, a.from), until = date(wish.today, a.from + a.days - 1);
    const auto published = date(wish.today, std::min(a.from, 0));
    const auto fill = [&](std::string text) {
        text = replace(std::move(text), "{desde}", words(m, from));
        text = replace(std::move(text), "{hasta}", words(m, until));
        text = replace(std::move(text), "{hoy}", words(m, published));
        text = replace(std::move(text), "{ejercicio}", std::to_string(static_cast<int>(published.year())));
        return replace(std::move(text), "{anio}", std::to_string(static_cast<int>(published.year()) + 1));
    };
    const std::string reference = fill(a.reference), file = slug(reference) + ".pdf";
    demo::Paragraphs body;
    for (const auto& paragraph : a.body) body.push_back(contract(fill(paragraph)));
    demo::write_pdf((wish.folder / file).string(),
                    {m.name, upper_kind(a.tipo), fill(a.titulo), body,
                     replace(replace(m.signature, "{fecha}", words(m, published)), "{lugar}", m.place),
                     m.signer, reference, m.name, iso(published) + "T09:00:00", m.red, m.green, m.blue});
    return Json::object({{"referencia", reference},
                         {"tipo", a.tipo},
                         {"organo", a.organo},
                         {"titulo", fill(a.titulo)},
                         {"resumen", fill(a.resumen)},
                         {"idioma", m.language},
                         {"desde", iso(from)},
                         {"hasta", iso(until)},
                         {"publicado", iso(published) + " 08:30"},
                         {"pdf", file},
                         {"estado", a.estado},
                         {"motivo", a.motivo},
                         {"corrige", fill(a.corrige)}});
}

}  // namespace

int main(int argc, char** argv) {
    try {
        auto wish = read(argc, argv);
        if (!wish) {
            std::cerr << "Uso: concejo-demo-pdfs valdehermoso|riomar CARPETA [--hoy AAAA-MM-DD]\n";
            return 2;
        }
        std::filesystem::create_directories(wish->folder);
        auto& all = wish->municipality.announcements;
        // oldest first, so that numbers follow the calendar
        std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
            return std::min(a.from, 0) < std::min(b.from, 0);
        });
        if (wish->municipality.slug == "valdehermoso") {
            const auto today = date(wish->today, 0);
            std::ofstream(wish->folder / "contratos-menores.csv", std::ios::binary) << demo::minor_contracts(
                static_cast<int>(today.year()), static_cast<int>(static_cast<unsigned>(today.month())) - 1);
            std::ofstream(wish->folder / "lugares.csv", std::ios::binary) << demo::municipal_places();
        }
        Json list = Json::array();
        for (const auto& announcement : all) list.push_back(write(*wish, announcement));
        std::ofstream out(wish->folder / "manifest.json", std::ios::binary);
        out << Json::object({{"municipio", wish->municipality.slug}, {"anuncios", list}}).dump(true) << '\n';
        if (!out.flush())
            throw concejo::Error(concejo::ErrorKind::internal,
                                 "no se puede escribir " + (wish->folder / "manifest.json").string());
        std::cout << (wish->folder / "manifest.json").string() << '\n';
        return 0;
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
