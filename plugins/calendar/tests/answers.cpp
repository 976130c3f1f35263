// Cases on standard input, one JSON object a line; one answer a line on standard output.
#include "answer.hpp"

#include <iostream>

int main() {
    for (std::string line; std::getline(std::cin, line);)
        std::cout << calendar::test::answer(concejo::Json::parse(line)) << '\n';
}
