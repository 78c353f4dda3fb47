"""Import contracts that import-linter does not ship: which files of a room others may enter."""

from typing import Any

from importlinter import Contract, ContractCheck, fields, output


class FrontDoorContract(Contract):  # type: ignore[misc]  # import-linter is untyped
    """Another package may enter a room only through its front doors."""

    rooms = fields.SetField(subfield=fields.StringField())
    doors = fields.SetField(subfield=fields.StringField())

    def check(self, graph: Any, verbose: bool) -> ContractCheck:
        broken = []
        for room in sorted(self.rooms):
            for child in sorted(graph.find_children(room)):
                if child.rpartition(".")[2] in self.doors:
                    continue
                for module in {child, *graph.find_descendants(child)}:
                    for importer in graph.find_modules_that_directly_import(module):
                        if importer != room and not importer.startswith(room + "."):
                            broken.append((importer, module))
        return ContractCheck(kept=not broken, metadata={"broken": sorted(broken)})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for importer, imported in check.metadata["broken"]:
            output.print_error(f"{importer} walks through a wall into {imported}")
